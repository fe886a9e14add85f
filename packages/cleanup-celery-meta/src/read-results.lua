-- What stands in some results: when each was done, and by what it is known again.
-- KEYS     results' keys
-- ARGV[1]  how many bytes of values to read; one value is read in any case
-- Returns  { date_done of each one read ('' where it has none that is text), SHA-1 of each value ('' where there is no
--          string) }, for the first keys, as many as were read

local left = tonumber(ARGV[1])

local function date_done(value)
  local readable, result = pcall(cjson.decode, value)
  if not readable or type(result) ~= 'table' or type(result.date_done) ~= 'string' then return '' end
  return result.date_done
end

local dates, marks = {}, {}
for i = 1, #KEYS do
  local value = redis.pcall('GET', KEYS[i])
  if type(value) == 'table' and not string.find(value.err, 'WRONGTYPE', 1, true) then redis.call('GET', KEYS[i]) end
  if type(value) == 'string' then
    dates[i], marks[i] = date_done(value), redis.sha1hex(value)
    left = left - #value
  else
    dates[i], marks[i] = '', ''
  end
  if left <= 0 then break end
end
return { dates, marks }
