-- A page of the search for the keys of Celery's broker, and for heartbeats.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to look at
-- Returns  { next cursor ('0' at the end), bindings, lists with a message at one of their ends, hashes of unacknowledged messages,
--          heartbeats }. A key may come twice, as with SCAN.
-- Cost: tasks, their copies and results are passed over by name; for each other key one TYPE.

--- @include "@atf/core/redis/scan-page"

local cursor, count = ARGV[1], tonumber(ARGV[2])
local PASSED_OVER = { 'task:', 'dlq:task:', 'celery-task-meta-', 'metrics:tasks:' }

local function starts_with(text, start) return string.sub(text, 1, #start) == start end
local function is_passed_over(key)
  for _, start in ipairs(PASSED_OVER) do
    if starts_with(key, start) then return true end
  end
  return false
end
-- Other programs' JSON may have a body too; all messages of kombu also have properties.
local function is_message(text, first)
  if not text or string.sub(text, 1, 1) ~= first then return false end
  return string.find(text, '"body"', 1, true) ~= nil and string.find(text, '"properties"', 1, true) ~= nil
end
local function is_queue(key)
  return is_message(redis.call('LINDEX', key, '0'), '{') or is_message(redis.call('LINDEX', key, '-1'), '{')
end
local function is_unacked(key)
  return string.find(key, 'unacked$') ~= nil or is_message(redis.call('HSCAN', key, '0', 'COUNT', '1')[2][2], '[')
end

local next_cursor, keys = scan_page(cursor, '*', count)
local bindings, lists, hashes, heartbeats = {}, {}, {}, {}
for _, key in ipairs(keys) do
  if starts_with(key, 'worker:heartbeat:') then
    heartbeats[#heartbeats + 1] = key
  elseif string.find(key, '_kombu.binding.', 1, true) then
    bindings[#bindings + 1] = key
  elseif not is_passed_over(key) then
    local kind = redis.call('TYPE', key).ok
    if kind == 'list' and is_queue(key) then lists[#lists + 1] = key end
    if kind == 'hash' and is_unacked(key) then hashes[#hashes + 1] = key end
  end
end
return { next_cursor, bindings, lists, hashes, heartbeats }
