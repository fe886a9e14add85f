-- One page of the scan over the results of Celery's result backend.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to look at
-- ARGV[3]  glob of the results' keys
-- ARGV[4]  of how many results to measure the memory
-- Returns  { next cursor ('0' at the end), keys, a letter for each in one string, bytes measured, keys measured }
--          letters: e a result that expires, n one that never does, x no string, - no such key any more

local cursor, count, glob, measurable = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local page = redis.call('SCAN', cursor, 'MATCH', glob, 'COUNT', count)
local keys, letters, bytes, measured = page[2], {}, 0, 0
for i = 1, #keys do
  local type = redis.call('TYPE', keys[i]).ok
  if type == 'none' then
    letters[i] = '-'
  elseif type ~= 'string' then
    letters[i] = 'x'
  else
    letters[i] = redis.call('PTTL', keys[i]) < 0 and 'n' or 'e'
    if measured < measurable then
      bytes, measured = bytes + redis.call('MEMORY', 'USAGE', keys[i]), measured + 1
    end
  end
end
return { page[1], keys, table.concat(letters), bytes, measured }
