-- A page of the sorted set of scheduled tasks, each member with what is at its task's key at that moment.
-- KEYS[1]  the sorted set
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many members to look at
-- Returns  { next cursor ('0' at the end), { member, score, … }, a letter of observed-state.lua for each member in one string },
--          or { type } if the key is not a sorted set. A member may come twice, as with SCAN.

--- @include "@atf/core/counting/observed-state"

local set, cursor, count = KEYS[1], ARGV[1], ARGV[2]

local kind = redis.call('TYPE', set).ok
if kind ~= 'zset' and kind ~= 'none' then return { kind } end
local page = redis.call('ZSCAN', set, cursor, 'COUNT', count)
local members, letters = page[2], {}
for i = 1, #members, 2 do letters[#letters + 1] = observed_state('task:' .. members[i]) end
return { page[1], members, table.concat(letters) }
