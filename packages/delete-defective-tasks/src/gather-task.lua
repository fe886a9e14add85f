-- All that a deletion would take away of one task, for the backup.
-- KEYS[1]   the task's key
-- KEYS[2]   the sorted set of scheduled tasks
-- KEYS[3]   the counter of its state, where its state has one
-- ARGV      its ids: of the key, and of its field where that is another
-- Returns   false where there is no such key, else
--           { mark of the evidence, dump, expiry in ms of Unix time (below 0: never), 1 where it is counted,
--             for each id of its own { id, dump and expiry of its dead-letter copy or false, score or false } }

local key, scheduled, counter = KEYS[1], KEYS[2], KEYS[3]

local dump = redis.call('DUMP', key)
if not dump then return false end
local ids, references = own_ids(ARGV), {}
for i, id in ipairs(ids) do
  local copy = 'dlq:task:' .. id
  references[i] = { id, redis.call('DUMP', copy), expiry(copy), score_of(scheduled, id) }
end
local mark = evidence_mark(key, ids, scheduled, counter)
return { mark, dump, expiry(key), is_counting(counter) and 1 or 0, references }
