-- Puts back a key, or a task with its dead-letter copies, its members of sorted sets and its part in the counters. All of it
-- comes back in this step or nothing does: the script checks everything before it writes.
-- KEYS[1]  the journal of this restore
-- KEYS     the keys of the record, the task's own first; a sorted set for each member; the state counters; the lists that
--          restore-entries.lua puts the task into later, so that the server checks the permissions for them
-- ARGV     '1': write, '0': dry run; '1': replace what exists and differs; '1': note the first key in the journal;
--          number of the counter to raise, for a dry run (0: none); how many keys; how many members
-- ARGV     for each key: its dump, the Unix time in ms at which it expires ('': never), its content hash
-- ARGV     for each member: the member, its score
-- ARGV     for each counter: its state
-- Returns  { letter of each key, for each key what the server says of its dump or '',
--            letter of each member, for each member its score if it is left, else '',
--            change of each counter, number of a counter that is not an integer or 0 }
--          P put back, R replaced, S the same is there, B put back by an interrupted run, L left alone, X expired, E refused by
--          the server. Copies and members have letters only if this restore put the first key back.

--- @include "@atf/core/redis/take-arguments"
--- @include "@atf/core/backup/content-hash"
--- @include "@atf/core/counting/state-counter"
--- @include "./journal"

local journal, writes, replaces, notes = KEYS[1], take_one() == '1', take_one() == '1', take_one() == '1'
local counted, key_count, member_count = take_number(), take_number(), take_number()
local items, members, counters = {}, {}, {}
for i = 1, key_count do
  local dump, expires_at, hash = unpack(take(3))
  items[i] = { key = KEYS[1 + i], dump = dump, expires_at = expires_at, hash = hash, reason = '' }
end
for i = 1, member_count do
  local member, score = unpack(take(2))
  members[i] = { key = KEYS[1 + key_count + i], member = member, score = score, now = '' }
end
while has_arguments() do
  local key = KEYS[2 + key_count + member_count + #counters]
  counters[#counters + 1] = { key = key, state = take_one(), counts = holds_valid_counter(key), change = 0 }
end
local task, uncountable = items[1], 0

local function each(list, field)
  local values = {}
  for i, item in ipairs(list) do values[i] = item[field] end
  return values
end

local function reply()
  return {
    table.concat(each(items, 'letter')), each(items, 'reason'),
    table.concat(each(members, 'letter')), each(members, 'now'),
    each(counters, 'change'), uncountable,
  }
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function judge(item)
  if item.expires_at ~= '' and tonumber(item.expires_at) <= now then return 'X' end
  local current = content_hash(item.key)
  if current == '-' then return 'P' end
  if item == task and redis.call('HGET', journal, 'key:' .. item.key) then return 'B' end
  if current == item.hash then return 'S' end
  return replaces and 'R' or 'L'
end

local function judge_member(item)
  local kind = redis.call('TYPE', item.key).ok
  local current = kind == 'zset' and redis.call('ZSCORE', item.key, item.member)
  if current and tonumber(current) == tonumber(item.score) then return 'S' end
  if (kind == 'none' or kind == 'zset') and (not current or replaces) then return 'P' end
  item.now = current or ''
  return 'L'
end

local function is_to_come(item) return item.letter == 'P' or item.letter == 'R' end

local function restore_command(item)
  local command = { 'RESTORE', item.key, item.expires_at ~= '' and item.expires_at or '0', item.dump }
  if item.expires_at ~= '' then command[#command + 1] = 'ABSTTL' end
  if item.letter == 'R' then command[#command + 1] = 'REPLACE' end
  return command
end

-- False if the server cannot read the dump: that concerns this key only. Any other error ends the step.
local function restore(item)
  if not writes then return true end
  local answer = redis.pcall(unpack(restore_command(item)))
  if not answer.err then return true end
  if not string.find(answer.err, 'DUMP payload') and not string.find(answer.err, 'Bad data format') then
    redis.call(unpack(restore_command(item)))
  end
  item.letter, item.reason = 'E', answer.err
  return false
end

-- The counter of the state that the task has now. Undefined: it has none.
local function counter_of_task()
  if redis.call('TYPE', task.key).ok ~= 'hash' then return nil end
  local state = redis.call('HGET', task.key, 'state')
  for _, counter in ipairs(counters) do
    if counter.state == state then return counter end
  end
end

-- A counter that does not exist is not created: newer versions of AsyncTaskFlow keep none.
local function change(counter, by)
  if not counter then return end
  if counter.counts then
    if writes then redis.call('INCRBY', counter.key, by) end
    counter.change = counter.change + by
  elseif redis.call('TYPE', counter.key).ok ~= 'none' then
    for i, other in ipairs(counters) do
      if other == counter then uncountable = i end
    end
  end
end

local function restore_members()
  for _, item in ipairs(members) do item.letter = judge_member(item) end
  for _, item in ipairs(members) do
    if writes and item.letter == 'P' then redis.call('ZADD', item.key, item.score, item.member) end
  end
end

task.letter = judge(task)
if task.letter == 'B' and redis.call('HGET', journal, 'key:' .. task.key) == stamp(task.key) then
  restore_members() -- the interrupted run may have left some, because a key was not a sorted set
end
if not is_to_come(task) then return reply() end
for i = 2, key_count do items[i].letter = judge(items[i]) end
local counter_before = #counters > 0 and task.letter == 'R' and counter_of_task() or nil

if not restore(task) then
  items = { task }
  return reply()
end
if writes and notes then note(journal, 'key:' .. task.key, stamp(task.key)) end
local counter_now = counters[counted]
if writes then counter_now = #counters > 0 and counter_of_task() or nil end
if counter_before ~= counter_now then
  change(counter_before, -1)
  change(counter_now, 1)
end
for i = 2, key_count do
  if is_to_come(items[i]) then restore(items[i]) end
end
restore_members()
return reply()
