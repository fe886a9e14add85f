-- Include: what a deletion removes with one task, except its entries in the lists.

--- @include "@atf/core/backup/content-hash"
--- @include "@atf/core/counting/state-counter"

-- Returns the ids of this task: the id of its key, and the id of its field task_id unless another task has that id.
local function own_ids(ids)
  if #ids < 2 or redis.call('EXISTS', 'task:' .. ids[2]) == 1 then return { ids[1] } end
  return ids
end

local function score_of(scheduled, id)
  return redis.call('TYPE', scheduled).ok == 'zset' and redis.call('ZSCORE', scheduled, id)
end

-- Returns a hash that changes with the task, its dead-letter copies, its scores, and whether a counter counts it.
local function evidence_hash(key, ids, scheduled, counter)
  local hashes = { content_hash(key), tostring(holds_valid_counter(counter)) }
  for _, id in ipairs(ids) do
    hashes[#hashes + 1] = content_hash('dlq:task:' .. id)
    hashes[#hashes + 1] = score_of(scheduled, id) or '-'
  end
  return table.concat(hashes, ' ')
end
