-- Puts back a key, or a task with its copies, its places in sorted sets and its part in the counters: all in one step.
-- KEYS     the keys of the record, the task's own first; then a sorted set for each member; then the state counters
-- ARGV[1]  '1': write; '0': look only
-- ARGV[2]  how many keys
-- ARGV[3]  how many members
-- ARGV[4]  the counter to raise where the first key is put back: its place among the counters, 0 for none
-- ARGV[5]  '1': what exists and is another is replaced; '0': it is left alone
-- ARGV     for each key three: its dump, the Unix time in ms at which it expires ('': never), the mark of its content
-- ARGV     for each member two: the member, its score
-- ARGV     for each counter its state
-- Returns  { letters, reasons, members put, members there, members left, change of each counter, place of a counter that is
--          no number or 0 }. A letter for each key: P put back, R replaced, S the same is there, L left alone, X expired,
--          E refused by the server. Its reason: for E what the server says, else ''.
--          The members put, there and left are lists of places among the members.

local writes, key_count, member_count = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3])
local counted, replaces = tonumber(ARGV[4]), ARGV[5] == '1'
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local letters, reasons = {}, {}
local put, there, left = {}, {}, {}
local changes, uncountable = {}, 0

local function reply()
  return { table.concat(letters), reasons, put, there, left, changes, uncountable }
end

local function judge(i)
  local at = 5 + (i - 1) * 3
  local expires_at, mark = ARGV[at + 2], ARGV[at + 3]
  if expires_at ~= '' and tonumber(expires_at) <= now then return 'X' end
  local current = content_mark(KEYS[i])
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
  local states = 5 + key_count * 3 + member_count * 2
  for place = 1, #KEYS - key_count - member_count do
    if ARGV[states + place] == state then return place end
  end
  return 0
end

-- Counters that do not exist stay so: an AsyncTaskFlow of today keeps none.
local function change_counter(place, by)
  local key = KEYS[key_count + member_count + place]
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return end
  local value = kind == 'string' and redis.call('GET', key) or ''
  local counts = value == '0' or (#value <= 18 and string.match(value, '^%-?[1-9]%d*$'))
  if not counts then
    uncountable = place
    return
  end
  if writes then redis.call('INCRBY', key, by) end
  changes[place] = changes[place] + by
end

local function restore_member(i)
  local key, at = KEYS[key_count + i], 5 + key_count * 3 + (i - 1) * 2
  local member, score = ARGV[at + 1], ARGV[at + 2]
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'none' and kind ~= 'zset' then
    left[#left + 1] = i
    return
  end
  local current = redis.call('ZSCORE', key, member)
  if current and (tonumber(current) == tonumber(score) or not replaces) then
    there[#there + 1] = i
    return
  end
  if writes then redis.call('ZADD', key, score, member) end
  put[#put + 1] = i
end

for place = 1, #KEYS - key_count - member_count do
  changes[place] = 0
end
for i = 1, key_count do
  letters[i], reasons[i] = judge(i), ''
end

local counted_before = 0
if letters[1] == 'R' then counted_before = counter_of_task() end
if not restore(1) then return reply() end
if letters[1] == 'P' then
  if counted > 0 then change_counter(counted, 1) end
elseif letters[1] == 'R' then
  local counted_now = writes and counter_of_task() or counted
  if counted_before ~= counted_now then
    if counted_before > 0 then change_counter(counted_before, -1) end
    if counted_now > 0 then change_counter(counted_now, 1) end
  end
end
for i = 2, key_count do
  restore(i)
end
for i = 1, member_count do
  restore_member(i)
end
return reply()
