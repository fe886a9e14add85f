-- One page of the scan over the results of Celery's result backend.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to look at
-- ARGV[3]  glob of the results' keys
-- ARGV[4]  1 to look at states and memory as well
-- Returns  { next cursor ('0' at the end), keys, a letter for each in one string, states in one string, bytes of each }
--          letters: e a result that expires, n one that never does, x not a string, - no such key any more
--          states: S STARTED, R RETRY, - another or none

--- @include "./result-values"

local cursor, count, glob, looks = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
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
    if looks then states[i], bytes[i] = STATE[status_of(key)] or '-', memory_of(key) end
  end
end
return { page[1], keys, table.concat(letters), table.concat(states), bytes }
