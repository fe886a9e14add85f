-- Puts entries back into a queue: a list, sorted set or hash. An entry comes back only if this restore brought its tasks
-- back and they are unchanged since, because anybody may have sent other tasks again. An entry of a list comes back at its
-- position from the tail, although others pushed and popped meanwhile.
-- KEYS[1]  the queue
-- KEYS[2]  the journal of this restore
-- KEYS     the tasks that the entries name, in the order of the entries
-- ARGV     '1': write, '0': dry run; the type of the queue; '1': an entry that names no task comes back whatever else the
--          queue holds
-- ARGV     for each entry, those of a list in ascending positions: the element; its position in a list, score or value; its
--          number among the entries with this element; how many tasks it names; for each task '1': a dry run assumes it is back,
--          '0': it is a task, '?': it may be a task, so it is one if it exists
-- Returns  { restored, there already, left, task was there before the restore, task changed since it came back, task missing,
--            entries of a list that are absent now, type of the queue if it is another one, else '' }

--- @include "@atf/core/redis/take-arguments"
--- @include "./journal"

local queue, journal = KEYS[1], KEYS[2]
local writes, kind, is_shared = take_one() == '1', take_one(), take_one() == '1'
local kind_now = redis.call('TYPE', queue).ok
if kind_now ~= kind and kind_now ~= 'none' then return { 0, 0, 0, 0, 0, 0, 0, kind_now } end

local AT_ONCE = 5000 -- Lua's stack bounds unpack
local fills = is_shared or kind_now == 'none' or redis.call('HGET', journal, 'fills:' .. queue) == '1'
local counts = { restored = 0, there = 0, left = 0, before = 0, changed = 0, missing = 0, absent = 0 }

local entries, keys_taken = {}, 2
while has_arguments() do
  local element, at, number = unpack(take(3))
  local entry = { element = element, at = at, number = number, tasks = {} }
  entry.field = 'entry:' .. redis.sha1hex(queue .. '\0' .. element) .. ' ' .. number
  for _, flag in ipairs(take(take_number())) do
    keys_taken = keys_taken + 1
    entry.tasks[#entry.tasks + 1] = { key = KEYS[keys_taken], flag = flag }
  end
  entries[#entries + 1] = entry
end

-- Of a list: its elements, and how often it holds each element of the entries.
local elements = kind == 'list' and redis.call('LRANGE', queue, 0, -1) or {}
local times = {}
for _, entry in ipairs(entries) do times[entry.element] = 0 end
for _, element in ipairs(elements) do
  if times[element] then times[element] = times[element] + 1 end
end

local IS_THERE = {
  list = function(entry) return times[entry.element] >= tonumber(entry.number) end,
  zset = function(entry) return redis.call('ZSCORE', queue, entry.element) ~= false end,
  hash = function(entry) return redis.call('HGET', queue, entry.element) ~= false end,
}

-- Returns nil if all tasks of an entry are back, else the count that it belongs to.
local function obstacle(entry)
  local names_task = false
  for _, task in ipairs(entry.tasks) do
    local exists = task.flag == '1' or redis.call('EXISTS', task.key) == 1
    local saved = task.flag ~= '1' and redis.call('HGET', journal, 'key:' .. task.key)
    if exists or saved or task.flag == '0' then
      names_task = true
      if not exists then return 'missing' end
      if task.flag ~= '1' and saved ~= stamp(task.key) then return saved and 'changed' or 'before' end
    end
  end
  return not names_task and not fills and 'left' or nil
end

-- The end of the list as it will be, from the tail on. The first `merged_elements` of the list's own are in it.
local merged, merged_elements = {}, 0

local function merge(entry)
  while #merged < tonumber(entry.at) - counts.absent and merged_elements < #elements do
    merged[#merged + 1] = elements[#elements - merged_elements]
    merged_elements = merged_elements + 1
  end
  merged[#merged + 1] = entry.element
  times[entry.element] = times[entry.element] + 1
end

local done = {} -- the journal's fields of entries that are in the queue now
local restored = {}
for _, entry in ipairs(entries) do
  local is_there = IS_THERE[kind](entry)
  local was_there = is_there or redis.call('HGET', journal, entry.field)
  local outcome = was_there and 'there' or obstacle(entry) or 'restored'
  counts[outcome] = counts[outcome] + 1
  if outcome == 'restored' then
    restored[#restored + 1] = entry
    if kind == 'list' then merge(entry) end
  elseif not is_there then
    counts.absent = counts.absent + 1
  end
  if outcome == 'restored' or (is_there and not obstacle(entry)) then done[#done + 1] = entry.field end
end

local function push_merged()
  for from = #merged, 1, -AT_ONCE do
    local batch = {}
    for i = from, math.max(from - AT_ONCE + 1, 1), -1 do batch[#batch + 1] = merged[i] end
    redis.call('RPUSH', queue, unpack(batch))
  end
end

-- No element is taken away before the server has shown that it lets this user write it again.
local function write_list()
  redis.call('LTRIM', queue, 0, -1) -- changes nothing: if the server refuses it, nothing has been done
  if merged_elements == #elements then
    -- No element stays in front: the key and its expiry live on in what is pushed behind.
    push_merged()
    redis.call('LTRIM', queue, merged_elements, -1)
  else
    -- One more element is taken away and pushed again. If the server refuses the push, the others are still there.
    redis.call('RPUSH', queue, '')
    redis.call('LTRIM', queue, 0, -(merged_elements + 2))
    push_merged()
  end
end

local COMMANDS = {
  zset = function(entry) return { 'ZADD', queue, entry.at, entry.element } end,
  hash = function(entry) return { 'HSET', queue, entry.element, entry.at } end,
}

local function write()
  if kind == 'list' and #restored > 0 then write_list() end
  for _, entry in ipairs(kind == 'list' and {} or restored) do redis.call(unpack(COMMANDS[kind](entry))) end
  if kind_now == 'none' and #restored > 0 then note(journal, 'fills:' .. queue, '1') end
  for _, field in ipairs(done) do redis.call('HSET', journal, field, '1') end
  redis.call('EXPIRE', journal, JOURNAL_LIFE)
end

if writes and #done > 0 then write() end
return {
  counts.restored, counts.there, counts.left, counts.before, counts.changed, counts.missing, counts.absent, '',
}
