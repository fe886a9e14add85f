-- One page of the search for tasks that are not at their end and may be in the wrong place.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to look at
-- ARGV[3]  dates as the tasks hold them: a PENDING task that was changed later is too young to be judged,
-- ARGV[4]  and an ACTIVE or FAILED one
-- Returns  { next cursor ('0' at the end), keys to judge, their letters in one string, how many tasks the page has, how many
--          of them have no state }
-- Cost: one HGET a task, a second for PENDING, ACTIVE and FAILED.

local cursor, count = ARGV[1], ARGV[2]
local young_from = { P = ARGV[3], A = ARGV[4], F = ARGV[4] }
local DATE = '^[12]%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*$'

-- Only what is plainly a date can be compared as text; all else is handed out.
local function is_young(key, letter)
  local updated = redis.call('HGET', key, 'updated_at')
  return updated and updated > young_from[letter] and string.find(updated, DATE) ~= nil
end

local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', count)
local keys, letters, tasks, stateless = {}, {}, 0, 0
for _, key in ipairs(page[2]) do
  local letter = task_sighting(key)
  if letter ~= '-' and letter ~= 'x' then tasks = tasks + 1 end
  if letter == 'm' then stateless = stateless + 1 end
  if letter == 'S' or letter == 'D' or (young_from[letter] and not is_young(key, letter)) then
    keys[#keys + 1], letters[#letters + 1] = key, letter
  end
end
return { page[1], keys, table.concat(letters), tasks, stateless }
