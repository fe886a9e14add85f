-- Include: reads a key under task:*, and checks whether a worker may still write to it.

--- @include "@atf/core/redis/judged-values"
--- @include "@atf/core/redis/task-hash"

-- Returns the values of a task's hash, with false for each missing value. For any other key, returns nil and the key's type, or nil
-- and 'unrelated' for another program's hash. `other_fields` are the fields of a task that are not judged.
local function task_content(key, fields, other_fields)
  local values, wrong_type = judged_values(key, fields)
  if not values then return nil, wrong_type end
  for i = 1, #fields do
    if values[i] then return values end
  end
  if is_task_hash(key, other_fields) then return values end
  return nil, 'unrelated'
end

local HEARTBEAT_SECONDS = 90

-- True if the task is ACTIVE and its worker has a heartbeat of the last 90 s, by its value or by its expiry.
local function has_live_worker(key, state)
  if state ~= 'ACTIVE' then return false end
  local worker = redis.call('HGET', key, 'worker_id')
  if not worker or worker == '' then return false end
  local heartbeat = 'worker:heartbeat:' .. worker
  if redis.call('TYPE', heartbeat).ok ~= 'string' then return false end
  local expires_in = redis.call('PTTL', heartbeat)
  if expires_in >= 0 and expires_in <= HEARTBEAT_SECONDS * 1000 then return true end
  local beat = tonumber(redis.call('GET', heartbeat))
  return beat ~= nil and math.abs(redis.call('TIME')[1] - beat) <= HEARTBEAT_SECONDS
end
