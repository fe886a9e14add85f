-- Include: sorts the keys that a walk over a database meets.

local PASSED_OVER = { 'dlq:task:', 'celery-task-meta-', 'metrics:tasks:' }

local find, sub = string.find, string.sub
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

-- What note_key has found: bindings, lists with a message at one of their ends, hashes of unacknowledged messages, heartbeats.
local discovered = { {}, {}, {}, {} }

-- Notes a key of Celery's broker, or a heartbeat.
-- Cost: tasks, their copies and results are passed over by name; for each other key one TYPE.
local function note_key(key)
  local sort
  if find(key, '_kombu.binding.', 1, true) then
    sort = 1
  elseif sub(key, 1, 5) == 'task:' then
    return
  elseif starts_with(key, 'worker:heartbeat:') then
    sort = 4
  elseif not is_passed_over(key) then
    local kind = redis.call('TYPE', key).ok
    sort = kind == 'list' and is_queue(key) and 2 or kind == 'hash' and is_unacked(key) and 3
  end
  if sort then table.insert(discovered[sort], key) end
end
