-- Include for scripts that read or change state counters. It holds the one definition of a valid counter.

-- True for the value of a valid counter: a plain integer of at most 18 characters. Redis can add to it without an overflow.
local function is_valid_value(value)
  return value == '0' or (#value <= 18 and string.find(value, '^%-?[1-9]%d*$') ~= nil)
end

-- True if the key exists and holds a valid counter.
local function holds_valid_counter(key)
  if not key or redis.call('TYPE', key).ok ~= 'string' then return false end
  return is_valid_value(redis.call('GET', key))
end

-- Returns the kind of a counter and its value:
--   { 'missing' }   { 'integer', value }   { 'text', value }   { 'wrong-type', Redis type }
local function read_counter(key)
  local value = redis.pcall('GET', key)
  if not value then return { 'missing' } end
  if type(value) == 'string' then return { is_valid_value(value) and 'integer' or 'text', value } end
  if not string.find(value.err, 'WRONGTYPE', 1, true) then redis.call('GET', key) end
  return { 'wrong-type', redis.call('TYPE', key).ok }
end

local function read_counters(keys)
  local counters = {}
  for i = 1, #keys do counters[i] = read_counter(keys[i]) end
  return counters
end
