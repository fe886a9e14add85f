-- Include: tells AsyncTaskFlow's keys from others.

--- @include "@atf/core/redis/task-hash"

local function holds_body(text, first)
  return text and string.sub(text, 1, 1) == first and string.find(text, '"body"', 1, true) ~= nil
end

-- True for a list with a Celery message at one of its ends: a queue, whatever its name.
local function is_message_queue(key)
  return holds_body(redis.call('LINDEX', key, 0), '{') or holds_body(redis.call('LINDEX', key, -1), '{')
end

-- Reads the kinds of the data model from ARGV[first] on: how many; for each its pattern, its types with commas around each, and
-- 'shared' or 'own'; then the fields of a task.
-- Returns a function from a key to its class, and a table of the shared classes. A class is the number of a kind if name and
-- type fit, 'wrong type' if only the name fits, 'unrelated' if the name does not fit, 'gone' if there is no such key any more.
local function read_kinds(first)
  local kinds, shared, whole, parts, fields = {}, {}, {}, {}, {}
  local at = first + 1
  for kind = 1, tonumber(ARGV[first]) do
    local pattern, types, owner = ARGV[at], ARGV[at + 1], ARGV[at + 2]
    at = at + 3
    kinds[kind], shared[kind] = types, owner == 'shared' or nil
    local starts, ends = string.sub(pattern, 1, 1) == '*', string.sub(pattern, -1) == '*'
    local text = string.sub(pattern, starts and 2 or 1, ends and -2 or -1)
    if starts or ends then
      parts[#parts + 1] = { text = text, starts = starts, ends = ends, kind = kind }
    else
      whole[pattern] = kind
    end
  end
  for i = at, #ARGV do fields[#fields + 1] = ARGV[i] end

  local function kind_by_name(key)
    if whole[key] then return whole[key] end
    for _, part in ipairs(parts) do
      local text = part.text
      if not part.starts then
        if string.sub(key, 1, #text) == text then return part.kind end
      elseif not part.ends then
        if string.sub(key, -#text) == text then return part.kind end
      elseif string.find(key, text, 1, true) then
        return part.kind
      end
    end
  end

  local task, queue = kind_by_name('task:'), kind_by_name('celery')
  local function class_of(key)
    local kind, kind_of_value = kind_by_name(key), redis.call('TYPE', key).ok
    if kind_of_value == 'none' then return 'gone' end
    if not kind then return kind_of_value == 'list' and is_message_queue(key) and queue or 'unrelated' end
    if not string.find(kinds[kind], ',' .. kind_of_value .. ',', 1, true) then return 'wrong type' end
    return (kind ~= task or is_task_hash(key, fields)) and kind or 'unrelated'
  end
  return class_of, shared
end
