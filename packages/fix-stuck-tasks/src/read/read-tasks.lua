-- Reads the values by which tasks are judged.
-- KEYS      none: the tasks' keys are arguments
-- ARGV[1]   how many bytes of a value to return
-- ARGV[2]   the sorted set of scheduled tasks
-- ARGV[3]   prefix of the heartbeats' keys
-- ARGV[4]   how many fields
-- ARGV[5]   the index of the worker's id among the fields
-- ARGV[6…]  the fields, then the tasks' keys, 100 at most
-- Returns   for each { fingerprint of all the fields, score or false, type of the heartbeat's key, its value, milliseconds
--           until it expires, the fields up to the worker's id }; false if there is no such hash

--- @include "./task-values"

local bytes, scheduled, prefix, worker_at = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[5])
local fields = {}
for i = 1, tonumber(ARGV[4]) do fields[i] = ARGV[5 + i] end
local holds_members = redis.call('TYPE', scheduled).ok == 'zset'

local function beat_of(worker)
  if not worker or worker == '' then return 'none', '', -2 end
  local key = prefix .. worker
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'string' then return kind, '', -2 end
  return kind, redis.call('GETRANGE', key, 0, 99), redis.call('PTTL', key)
end

local found = {}
for i = 6 + #fields, #ARGV do
  local key = ARGV[i]
  local values = task_values(key, fields)
  if not values or redis.call('EXISTS', key) == 0 then
    found[#found + 1] = false
  else
    local kind, beat, left = beat_of(values[worker_at])
    local one = {
      fingerprint(values),
      holds_members and redis.call('ZSCORE', scheduled, string.sub(key, 6)),
      kind, beat, left,
    }
    for j = 1, worker_at do one[5 + j] = values[j] and string.sub(values[j], 1, bytes) end
    found[#found + 1] = one
  end
end
return found
