-- Scans one page for tasks that may be stuck or misplaced. It also discovers the keys of Celery's broker, because a second walk
-- would add a third of the time.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to scan
-- ARGV[3]  a date in the tasks' own format: a PENDING task that changed later is too young to be judged
-- ARGV[4]  the same for an ACTIVE or FAILED task
-- ARGV[5]  an ACTIVE task that changed later is dated in the future
-- Returns  { next cursor ('0' at the end), all task keys of the page packed, a letter for each in one string, what note-key.lua
--          has found }: a letter of observed-state.lua, '.' for a task that is too young to be judged, or '>' for one that is dated
--          in the future
-- Cost: one HGET a task, a second for PENDING, ACTIVE and FAILED. Other keys: see note-key.lua.

--- @include "@atf/core/redis/pack-keys"
--- @include "@atf/core/redis/scan-page"
--- @include "@atf/core/counting/observed-state"
--- @include "@atf/core/queues/note-key"

local cursor, count, future = ARGV[1], tonumber(ARGV[2]), ARGV[5]
local young_from = { P = ARGV[3], A = ARGV[4], F = ARGV[4] }
local DATE = '^[12]%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*$'

-- Only dates in the usual format can be compared as text. For other values, the letter of the state is returned.
local function letter_by_age(key, letter)
  local updated = redis.call('HGET', key, 'updated_at')
  local is_young = updated and updated > young_from[letter] and string.find(updated, DATE) ~= nil
  if not is_young then return letter end
  return letter == 'A' and updated > future and '>' or '.'
end

local next_cursor, keys = scan_page(cursor, '*', count)
local tasks, letters = {}, {}
for _, key in ipairs(keys) do
  local letter = string.sub(key, 1, 5) == 'task:' and observed_state(key)
  -- A binding may have any prefix, but it is no hash.
  if not letter or letter == 'x' then note_key(key) end
  if letter then
    tasks[#tasks + 1] = key
    letters[#tasks] = young_from[letter] and letter_by_age(key, letter) or letter
  end
end
return { next_cursor, pack_keys(tasks), table.concat(letters), discovered }
