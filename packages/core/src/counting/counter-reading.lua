-- Include of the scripts that look at state counters.
-- Returns a counter's string, false where it is missing, { type } where it is no string.

local function read_counter(key)
  local value = redis.pcall('GET', key)
  if type(value) ~= 'table' then return value end
  if not string.find(value.err, 'WRONGTYPE', 1, true) then redis.call('GET', key) end
  return { redis.call('TYPE', key).ok }
end

local function read_counters(keys)
  local values = {}
  for i = 1, #keys do values[i] = read_counter(keys[i]) end
  return values
end
