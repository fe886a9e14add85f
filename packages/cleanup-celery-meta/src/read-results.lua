-- Reads the dates, states and hashes of results.
-- KEYS     results' keys
-- ARGV[1]  how many bytes of values to read; at least one value is read
-- Returns  for each key that was read, from the first: false if it is no longer a string, else
--          { date_done, state or '', hash, bytes of memory, bytes of the value }
--          date_done: '' if it is missing or not text; false if the value is too large to be parsed here

--- @include "./result-values"

local left = tonumber(ARGV[1])
local function text(value) return type(value) == 'string' and value or '' end

local results = {}
for i = 1, #KEYS do
  local key = KEYS[i]
  local length = length_of(key)
  results[i] = false
  if length then
    local value = length <= PARSED_BYTES and redis.call('GET', key)
    local parsed = value and decoded(value)
    local date, status = false, parsed and parsed.status or nil
    if parsed then date = text(parsed.date_done) else status = status_of(key) end
    results[i] = { date, text(status), value_hash(key, length, value), memory_of(key), length }
    left = left - math.min(length, PARSED_BYTES)
  end
  if left <= 0 then break end
end
return results
