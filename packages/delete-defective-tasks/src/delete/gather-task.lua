-- Reads everything that a deletion would remove with one task, for the backup.
-- KEYS[1]   the task's key
-- KEYS[2]   the sorted set of scheduled tasks
-- KEYS[3]   the counter of its state, if its state is known
-- ARGV      its ids: the id of its key, and the id of its field task_id if that differs
-- Returns   false if there is no such key, else
--           { hash of the evidence, 1 if it is counted, the hash, for each id of its own
--             { id, its dead-letter copy or false, score or false } }
--           a key is { dump, expiry in ms of Unix time (below 0: never), content hash }

--- @include "@atf/core/backup/saved-key"
--- @include "./task-evidence"

local key, scheduled, counter = KEYS[1], KEYS[2], KEYS[3]

local task = saved_key(key)
if not task then return false end
local ids, references = own_ids(ARGV), {}
for i, id in ipairs(ids) do
  references[i] = { id, saved_key('dlq:task:' .. id), score_of(scheduled, id) }
end
return { evidence_hash(key, ids, scheduled, counter), holds_valid_counter(counter) and 1 or 0, task, references }
