-- Removes entries from the queues, each only if its task has not changed. Under the lock: see under-lock.lua.
-- KEYS[1..3]  the lists of ids     KEYS[4]  the sorted set
-- ARGV[1]  a string that is not an id, to mark list entries with before they are removed
-- ARGV[2]  prefix of the keys of dead-letter copies
-- then for each finding:
--   id, number
--   state        of its task; '': the task must not exist
--   needs_score  '1': the sorted set must hold the id too
--   keep_in      number of a list that must still hold the id; 0: no list must
--   keep_at      the position there, from the tail
--   count        how many positions of its own list follow, and these positions, from the tail
-- Positions start at 0. The queues have the numbers of their KEYS.
-- Returns  a letter for each: R removed, C its task has changed, M an entry is not at its position. C and M change nothing.

--- @include "@atf/core/redis/under-lock"
--- @include "@atf/core/counting/observed-state"
--- @include "@atf/core/redis/take-arguments"

local tombstone, copies = unpack(take(2))

local SCHEDULED, DLQ = 4, 3
local function is_of_type(key, kind) return redis.call('TYPE', key).ok == kind end
local function queue_key(number) return KEYS[number] end
local function is_at(number, position, id)
  return is_of_type(queue_key(number), 'list') and redis.call('LINDEX', queue_key(number), -1 - position) == id
end
local function is_scheduled(id)
  return is_of_type(queue_key(SCHEDULED), 'zset') and redis.call('ZSCORE', queue_key(SCHEDULED), id) ~= false
end

local function is_as_found(id, number, state, needs_score)
  local letter = observed_state('task:' .. id)
  if letter == '-' and number == DLQ and redis.call('EXISTS', copies .. id) == 1 then return false end
  return letter == (LETTERS[state] or '-') and (needs_score ~= '1' or is_scheduled(id))
end

local letters, marked = {}, {}

local function remove(id, number, positions)
  if number == SCHEDULED then
    if not is_scheduled(id) then return 'C' end
    redis.call('ZREM', queue_key(SCHEDULED), id)
    return 'R'
  end
  if #positions == 0 then return 'C' end
  for _, position in ipairs(positions) do
    if not is_at(number, position, id) then return 'M' end
  end
  for _, position in ipairs(positions) do redis.call('LSET', queue_key(number), -1 - position, tombstone) end
  marked[number] = (marked[number] or 0) + #positions
  return 'R'
end

while has_arguments() do
  local id, number, state, needs_score, keep_in, keep_at, count = unpack(take(7))
  local positions = take(tonumber(count))
  if not is_as_found(id, tonumber(number), state, needs_score) then
    letters[#letters + 1] = 'C'
  elseif tonumber(keep_in) > 0 and not is_at(tonumber(keep_in), keep_at, id) then
    letters[#letters + 1] = 'M'
  else
    letters[#letters + 1] = remove(id, tonumber(number), positions)
  end
end
for number, count in pairs(marked) do redis.call('LREM', queue_key(number), -count, tombstone) end
return table.concat(letters)
