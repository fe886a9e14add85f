-- Deletes tasks with every reference: each completely or not at all, and only if it has not changed since it was judged. Under
-- the lock: see under-lock.lua.
-- KEYS[1..3]   lists that hold ids        KEYS[4]  sorted set that holds ids        KEYS[5..10]  state counters
-- ARGV[1]      a string that is no id, to mark list entries with before they are removed
-- ARGV[2…]     number of judged fields, and their names
--              number of other fields, and their names
--              the six states in the order of the counters
-- then for each task:
--              key, fingerprint, hash of the evidence or ''
--              number of ids, and the ids
--              number of list entries, and for each: number of the list, position from the tail, number of the id
-- Returns      { a letter for each task, list entries removed, members removed, copies removed, entries that were not at their
--                positions }
--              letters: D deleted, L deleted and its state's counter lowered, G gone already, C changed and left
--              alone, W left alone because a live worker may write to it

--- @include "@atf/core/redis/under-lock"
--- @include "@atf/core/redis/take-arguments"
--- @include "../task-content"
--- @include "./task-evidence"

local tombstone = take_one()
local fields = take(take_number())
local other_fields = take(take_number())
local counter_of = {}
for i, state in ipairs(take(#KEYS - 4)) do counter_of[state] = KEYS[4 + i] end

local letters, marked, entries, members, copies, moved = {}, {}, 0, 0, 0, 0

-- Marks the entry at its position for removal. If another client moved it, LREM searches for it. The order of the rest stays.
local function remove_entry(list, from_tail, id)
  if redis.call('TYPE', list).ok ~= 'list' then return end
  if redis.call('LINDEX', list, -1 - from_tail) == id then
    redis.call('LSET', list, -1 - from_tail, tombstone)
    marked[list], entries = (marked[list] or 0) + 1, entries + 1
  else
    entries, moved = entries + redis.call('LREM', list, 0, id), moved + 1
  end
end

local holds_members = redis.call('TYPE', KEYS[4]).ok == 'zset'

local function remove_references(ids)
  for _, id in ipairs(ids) do
    copies = copies + redis.call('UNLINK', 'dlq:task:' .. id)
    if holds_members then members = members + redis.call('ZREM', KEYS[4], id) end
  end
end

while has_arguments() do
  local key, expected, expected_evidence = unpack(take(3))
  local all_ids, positions = take(take_number()), take(take_number() * 3)
  local values, wrong_type = task_content(key, fields, other_fields)
  if redis.call('EXISTS', key) == 0 then
    letters[#letters + 1] = 'G'
  else
    local ids, counter = own_ids(all_ids), values and counter_of[values[2]]
    local unchanged = fingerprint(values, wrong_type) == expected
    if unchanged and expected_evidence ~= '' then
      unchanged = evidence_hash(key, ids, KEYS[4], counter) == expected_evidence
    end
    if not unchanged then
      letters[#letters + 1] = 'C'
    elseif values and has_live_worker(key, values[2]) then
      letters[#letters + 1] = 'W'
    else
      local counted = holds_valid_counter(counter)
      redis.call('UNLINK', key)
      remove_references(ids)
      for i = 1, #positions, 3 do
        local id = all_ids[tonumber(positions[i + 2])]
        if id == ids[1] or id == ids[2] then
          remove_entry(KEYS[tonumber(positions[i])], tonumber(positions[i + 1]), id)
        end
      end
      if counted then redis.call('DECR', counter) end
      letters[#letters + 1] = counted and 'L' or 'D'
    end
  end
end
-- The walk from the tail stops at the last mark.
for list, marks in pairs(marked) do redis.call('LREM', list, -marks, tombstone) end
return { table.concat(letters), entries, members, copies, moved }
