-- When some results were done, and a hash of each. A value that is too large is not read: to parse and hash it would block
-- other clients for seconds.
-- KEYS     results' keys
-- ARGV[1]  how many bytes of values to read; one value is read in any case
-- ARGV[2]  how many bytes a value may have to be read
-- Returns  { date_done of each one read ('' if it has none that is text), SHA-1 of each value ('' if it is not a
--          string, '-' if it is too large) }, for the first keys, as many as were read

local left, largest = tonumber(ARGV[1]), tonumber(ARGV[2])

-- Returns nil for a key that is not a string any more.
local function length_of(key)
  local length = redis.pcall('STRLEN', key)
  if type(length) == 'number' then return length end
  if not string.find(length.err, 'WRONGTYPE', 1, true) then redis.call('STRLEN', key) end
  return nil
end

local function date_done(value)
  local readable, result = pcall(cjson.decode, value)
  if not readable or type(result) ~= 'table' or type(result.date_done) ~= 'string' then return '' end
  return result.date_done
end

local dates, hashes = {}, {}
for i = 1, #KEYS do
  local length = length_of(KEYS[i])
  local value = length and length <= largest and redis.call('GET', KEYS[i])
  if value then
    dates[i], hashes[i] = date_done(value), redis.sha1hex(value)
    left = left - #value
  else
    dates[i], hashes[i] = '', length and length > largest and '-' or ''
  end
  if left <= 0 then break end
end
return { dates, hashes }
