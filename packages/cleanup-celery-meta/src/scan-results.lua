-- Scans one page for results of Celery's result backend.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to scan
-- ARGV[3]  glob of the results' keys
-- ARGV[4]  1 to read states and memory as well
-- Returns  { next cursor ('0' at the end), keys, a letter for each in one string, states in one string, bytes of each }
--          letters: e a result that expires, n a result that does not, x not a string, - the key is gone
--          states: S STARTED, R RETRY, - other

--- @include "./result-values"

local cursor, count, glob, reads_values = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local STATE = { STARTED = 'S', RETRY = 'R' }

local page = redis.call('SCAN', cursor, 'MATCH', glob, 'COUNT', count)
local keys, letters, states, bytes = page[2], {}, {}, {}
for i, key in ipairs(keys) do
  local type = redis.call('TYPE', key).ok
  states[i], bytes[i] = '-', 0
  if type == 'none' then
    letters[i] = '-'
  elseif type ~= 'string' then
    letters[i] = 'x'
  else
    letters[i] = redis.call('PTTL', key) < 0 and 'n' or 'e'
    if reads_values then states[i], bytes[i] = STATE[status_of(key)] or '-', memory_of(key) end
  end
end
return { page[1], keys, table.concat(letters), table.concat(states), bytes }
