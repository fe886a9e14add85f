-- Puts back a key, or a task with its copies, its places in sorted sets and its part in the counters: all in one step, and
-- under the lock (see under-lock.lua) where it writes. All is looked at and asked for before the first write, for a refusal in the middle would leave a part.
-- KEYS     the keys of the record, the task's own first; then a sorted set for each member; then the state counters; then
--          the lists that merge-entries.lua puts the task into later: a task that it could not is not put back
-- ARGV[1]  '1': write; '0': look only
-- ARGV[2]  how many keys
-- ARGV[3]  how many members
-- ARGV[4]  the counter to raise where the task is only looked for: its place among the counters, 0 for none. A task that is
--          put back is counted in the state that its hash has
-- ARGV[5]  '1': what exists and is another is replaced; '0': it is left alone
-- ARGV     for each key three: its dump, the Unix time in ms at which it expires ('': never), the mark of its content
-- ARGV     for each member two: the member, its score
-- ARGV     for each counter its state
-- Returns  { letters, reasons, members put, members there, members left, their scores, change of each counter, place of a
--          counter that is no number or 0 }. A letter for each key: P put back, R replaced, S the same is there, L left alone, X expired,
--          E refused by the server. Its reason: for E what the server says, else ''.
--          The members put, there and left are lists of places among the members; a score is '' where there is none, because
--          the key is no sorted set.

--- @include "@atf/core/backup/content-hash"
--- @include "@atf/core/counting/state-counter"

local writes, key_count, member_count = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3])
local counted, replaces = tonumber(ARGV[4]), ARGV[5] == '1'
local states = 5 + key_count * 3 + member_count * 2 -- where they begin in ARGV
local counter_count = #ARGV - states
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local letters, reasons = {}, {}
local put, there, left, left_scores = {}, {}, {}, {}
local changes, uncountable = {}, 0

local function reply()
  return { table.concat(letters), reasons, put, there, left, left_scores, changes, uncountable }
end

local function judge(i)
  local at = 5 + (i - 1) * 3
  local expires_at, mark = ARGV[at + 2], ARGV[at + 3]
  if expires_at ~= '' and tonumber(expires_at) <= now then return 'X' end
  local current = content_hash(KEYS[i])
  if current == '-' then return 'P' end
  if current == mark then return 'S' end
  return replaces and 'R' or 'L'
end

-- True where the key is as the record has it afterwards. A dump that the server cannot read is that key's matter alone;
-- any other error is raised, and ends the step.
local function restore(i)
  local letter = letters[i]
  if letter == 'S' then return true end
  if letter ~= 'P' and letter ~= 'R' then return false end
  if not writes then return true end
  local at = 5 + (i - 1) * 3
  local command = { 'RESTORE', KEYS[i], '0', ARGV[at + 1] }
  if ARGV[at + 2] ~= '' then
    command[3] = ARGV[at + 2]
    command[#command + 1] = 'ABSTTL'
  end
  if letter == 'R' then command[#command + 1] = 'REPLACE' end
  local answer = redis.pcall(unpack(command))
  if not answer.err then return true end
  if not string.find(answer.err, 'DUMP payload') and not string.find(answer.err, 'Bad data format') then
    redis.call(unpack(command))
  end
  letters[i], reasons[i] = 'E', answer.err
  return false
end

-- The place of the counter for the state that the task's hash has now, 0 for none.
local function counter_of_task()
  if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
  local state = redis.call('HGET', KEYS[1], 'state')
  for place = 1, counter_count do
    if ARGV[states + place] == state then return place end
  end
  return 0
end

local function counter_key(place)
  return KEYS[key_count + member_count + place]
end

-- What a counter is: 'none', 'number' or 'odd'.
local function kind_of_counter(place)
  local key = counter_key(place)
  if is_counting(key) then return 'number' end
  return redis.call('TYPE', key).ok == 'none' and 'none' or 'odd'
end

local counter_kinds = {}

-- Counters that do not exist stay so: an AsyncTaskFlow of today keeps none.
local function change_counter(place, by)
  local kind = counter_kinds[place]
  if kind == 'odd' then uncountable = place end
  if kind ~= 'number' then return end
  if writes then redis.call('INCRBY', counter_key(place), by) end
  changes[place] = changes[place] + by
end

local function judge_member(i)
  local key, at = KEYS[key_count + i], 5 + key_count * 3 + (i - 1) * 2
  local kind = redis.call('TYPE', key).ok
  local current = kind == 'zset' and redis.call('ZSCORE', key, ARGV[at + 1])
  if current and tonumber(current) == tonumber(ARGV[at + 2]) then
    there[#there + 1] = i
  elseif (kind == 'none' or kind == 'zset') and (not current or replaces) then
    put[#put + 1] = i
  else
    left[#left + 1], left_scores[#left_scores + 1] = i, current or ''
  end
end

local function command_of_member(i)
  local at = 5 + key_count * 3 + (i - 1) * 2
  return { 'ZADD', KEYS[key_count + i], ARGV[at + 2], ARGV[at + 1] }
end

for place = 1, counter_count do
  changes[place], counter_kinds[place] = 0, kind_of_counter(place)
end
for i = 1, key_count do
  letters[i], reasons[i] = judge(i), ''
end
if letters[1] == 'L' or letters[1] == 'X' then return reply() end
for i = 1, member_count do
  judge_member(i)
end
local counted_before = letters[1] == 'R' and counter_of_task() or 0

local is_new = letters[1] ~= 'S'
if not restore(1) then return reply() end
if is_new then
  local counted_now = writes and counter_of_task() or counted
  if counted_before ~= counted_now then
    if counted_before > 0 then change_counter(counted_before, -1) end
    if counted_now > 0 then change_counter(counted_now, 1) end
  end
end
for i = 2, key_count do
  restore(i)
end
if writes then
  for _, i in ipairs(put) do
    redis.call(unpack(command_of_member(i)))
  end
end
return reply()
