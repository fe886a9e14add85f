-- One page of the search for tasks that are not at their end and may be in the wrong place.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to look at
-- ARGV[3]  dates as the tasks hold them: a PENDING task that was changed later is too young to be judged,
-- ARGV[4]  and an ACTIVE or FAILED one
-- Returns  { next cursor ('0' at the end), all task keys of the page packed, a letter for each in one string }: a letter of
--          observed-state.lua, or '.' for a task that is too young to be judged
-- Cost: one HGET a task, a second for PENDING, ACTIVE and FAILED.

--- @include "@atf/core/redis/pack-keys"
--- @include "@atf/core/counting/observed-state"

local cursor, count = ARGV[1], ARGV[2]
local young_from = { P = ARGV[3], A = ARGV[4], F = ARGV[4] }
local DATE = '^[12]%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*$'

-- Only what is plainly a date can be compared as text; all else is handed out.
local function is_young(key, letter)
  local updated = redis.call('HGET', key, 'updated_at')
  return updated and updated > young_from[letter] and string.find(updated, DATE) ~= nil
end

local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', count)
local keys, letters = page[2], {}
for i = 1, #keys do
  local letter = observed_state(keys[i])
  letters[i] = young_from[letter] and is_young(keys[i], letter) and '.' or letter
end
return { page[1], pack_keys(keys), table.concat(letters) }
