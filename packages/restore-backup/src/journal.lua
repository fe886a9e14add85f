-- Include: the journal of a restore, a hash in Redis. It says what this restore has done so far, in this run or in an earlier
-- one that was interrupted. It is written in the same step as what it describes.
--   key:KEY        a task or counter that came back, with its stamp at that moment
--   fills:QUEUE    the queue did not exist when this restore began to fill it
--   entry:HASH N   the Nth entry with this queue and element came back

local JOURNAL_LIFE = 604800 -- seconds: it outlives an interruption, and does not stay for ever

-- Changes whenever AsyncTaskFlow changes a task.
local function stamp(key)
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'hash' then return kind end
  return tostring(redis.call('HGET', key, 'state')) .. ' ' .. tostring(redis.call('HGET', key, 'updated_at'))
end

local function note(journal, field, value)
  redis.call('HSET', journal, field, value)
  redis.call('EXPIRE', journal, JOURNAL_LIFE)
end
