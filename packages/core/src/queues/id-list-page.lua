-- A page of a list of ids, counted from its tail, each id with what is at its task's key at that moment.
-- KEYS[1]  the list
-- ARGV[1]  how many entries at the tail to pass over
-- ARGV[2]  how many entries to read
-- ARGV[3]  prefix of the keys of dead-letter copies, which count as a DLQ task if the task is gone; '': none count
-- Returns  { ids from head to tail, a letter of observed-state.lua for each in one string }, or { type } if the key is not a list

--- @include "@atf/core/counting/observed-state"

local list, from, count, copies = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]

local kind = redis.call('TYPE', list).ok
if kind ~= 'list' and kind ~= 'none' then return { kind } end
local ids, letters = redis.call('LRANGE', list, -from - count, -from - 1), {}
for i = 1, #ids do
  local letter = observed_state('task:' .. ids[i])
  if letter == '-' and copies ~= '' and redis.call('EXISTS', copies .. ids[i]) == 1 then letter = 'D' end
  letters[i] = letter
end
return { ids, table.concat(letters) }
