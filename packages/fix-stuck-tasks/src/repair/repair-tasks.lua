-- Repairs tasks, each completely or not at all, and only if its evidence has not changed. Under the lock: see under-lock.lua.
-- KEYS[1..3]  the lists of ids: primary, retry, dead letters     KEYS[4]  the sorted set     KEYS[5..10]  the state counters
-- ARGV[1]     channel: the dashboard's
-- ARGV[2]     most: how many new entries of a list are read
-- then for each list: anchor, from_tail: an entry that was read, and its position from the tail (-1: the list was empty)
-- then fields: their number, and the fields of the fingerprint
-- then the six states in the order of the counters
-- then for each task:
--   key, fingerprint
--   beat_prefix   prefix of the heartbeat's key; '': the heartbeat does not matter
--   beat_type     type of the heartbeat's key; 'later': a heartbeat must be later than `beat`, if there is a heartbeat
--   beat          the first 100 bytes of the heartbeat, or a Unix time in seconds
--   score_rule    'none': the sorted set must not hold the id; 'any': it may; a number: it must, with at most this score
--   from, to      state before and after
--   queue         number of the queue that gets the id, as in KEYS
--   score         its score in the sorted set, or ''
--   set           number of fields to set, then each field and its value
--   append        number of texts to extend, then for each its field, how many of its bytes stay, and the bytes that follow these
--   message_start, message_end   the dashboard's message before and after the depths of the queues
-- Returns     { a letter for each task, 0 }: R repaired, C left alone, because something has changed
--             { '', number of a list } if that list must be read again first; nothing was written

--- @include "@atf/core/redis/under-lock"
--- @include "../read/task-values"
--- @include "@atf/core/counting/state-counter"
--- @include "@atf/core/queues/newer-entries"
--- @include "@atf/core/redis/take-arguments"

local channel, most = take_one(), take_number()

local SCHEDULED = 4
local function queue_key(number) return KEYS[number] end

local usable = {}
for number = 1, 4 do
  local kind = redis.call('TYPE', queue_key(number)).ok
  usable[number] = kind == 'none' or kind == (number == SCHEDULED and 'zset' or 'list')
end

local queued = {}
for number = 1, 3 do
  local anchor, from_tail = take_one(), take_number()
  local newer = newer_entries(queue_key(number), anchor, from_tail, most)
  if not newer then return { '', number } end
  for _, id in ipairs(newer) do queued[id] = true end
end

local fields = take(take_number())
local counter_of, has_counters = {}, false
for i, state in ipairs(take(6)) do
  counter_of[state] = KEYS[4 + i]
  has_counters = has_counters or redis.call('EXISTS', KEYS[4 + i]) == 1
end

local function next_task()
  local task = {}
  task.key, task.fingerprint, task.beat_prefix, task.beat_type, task.beat = unpack(take(5))
  task.score_rule, task.from, task.to = unpack(take(3))
  task.queue, task.score = take_number(), take_one()
  task.set = take(take_number() * 2)
  task.append = take(take_number() * 3)
  task.message_start, task.message_end = unpack(take(2))
  task.id = string.sub(task.key, 6)
  return task
end

local function is_beat_as_judged(task)
  if task.beat_prefix == '' then return true end
  local key = task.beat_prefix .. redis.call('HGET', task.key, 'worker_id')
  local kind = redis.call('TYPE', key).ok
  if task.beat_type == 'later' then
    local beat = kind == 'string' and tonumber(redis.call('GETRANGE', key, 0, 99))
    return kind == 'none' or (beat and beat > tonumber(task.beat)) or false
  end
  if kind ~= task.beat_type then return false end
  return kind ~= 'string' or redis.call('GETRANGE', key, 0, 99) == task.beat
end

local function is_score_as_needed(task)
  if task.score_rule == 'any' then return true end
  local score = usable[SCHEDULED] and redis.call('ZSCORE', queue_key(SCHEDULED), task.id)
  if task.score_rule == 'none' then return not score end
  return score and tonumber(score) <= tonumber(task.score_rule)
end

local function is_as_judged(task)
  if queued[task.id] or not usable[task.queue] then return false end
  local values, wrong_type = task_values(task.key, fields)
  if fingerprint(values, wrong_type) ~= task.fingerprint then return false end
  return is_beat_as_judged(task) and is_score_as_needed(task)
end

local function write_hash(task)
  local pairs_to_set = task.set
  for i = 1, #task.append, 3 do
    local field, keep, text = task.append[i], tonumber(task.append[i + 1]), task.append[i + 2]
    local old = keep > 0 and redis.call('HGET', task.key, field) or ''
    pairs_to_set[#pairs_to_set + 1] = field
    pairs_to_set[#pairs_to_set + 1] = string.sub(old, 1, keep) .. text
  end
  if #pairs_to_set > 0 then redis.call('HSET', task.key, unpack(pairs_to_set)) end
end

local function write_queue(task)
  if task.queue == SCHEDULED then
    redis.call('ZADD', queue_key(SCHEDULED), task.score, task.id)
    return
  end
  if usable[SCHEDULED] and task.score_rule ~= 'none' then redis.call('ZREM', queue_key(SCHEDULED), task.id) end
  redis.call('LPUSH', queue_key(task.queue), task.id)
end

local function move_counters(from, to)
  if not has_counters or from == to then return end
  local old, new = counter_of[from], counter_of[to]
  if holds_valid_counter(old) then redis.call('DECR', old) end
  if holds_valid_counter(new) or redis.call('EXISTS', new) == 0 then redis.call('INCR', new) end
end

local NAMES = { 'primary', 'retry', 'dlq', 'scheduled' }
local function depths()
  local texts = {}
  for _, number in ipairs({ 1, 2, SCHEDULED, 3 }) do
    local depth = 0
    if usable[number] then depth = redis.call(number == SCHEDULED and 'ZCARD' or 'LLEN', queue_key(number)) end
    texts[#texts + 1] = string.format('"%s": %d', NAMES[number], depth)
  end
  return '{' .. table.concat(texts, ', ') .. '}'
end

local letters = {}
while has_arguments() do
  local task = next_task()
  if is_as_judged(task) then
    write_hash(task)
    write_queue(task)
    move_counters(task.from, task.to)
    redis.call('PUBLISH', channel, task.message_start .. depths() .. task.message_end)
    queued[task.id] = true
    letters[#letters + 1] = 'R'
  else
    letters[#letters + 1] = 'C'
  end
end
return { table.concat(letters), 0 }
