-- A page of the hash of messages that workers have taken.
-- KEYS[1]  the hash
-- KEYS[2]  the sorted set that says when each was taken
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many fields to look at
-- Returns  { next cursor ('0' at the end), { field, message, when it was taken or false if that is not recorded, … } }, or the type
--          of a key that is not a hash. A message may come twice, as with SCAN.

local hash, index = KEYS[1], KEYS[2]

local kind = redis.call('TYPE', hash).ok
if kind ~= 'hash' and kind ~= 'none' then return kind end
local has_scores = redis.call('TYPE', index).ok == 'zset'
local page = redis.call('HSCAN', hash, ARGV[1], 'COUNT', ARGV[2])
local taken = {}
for i = 1, #page[2], 2 do
  local field = page[2][i]
  taken[#taken + 1] = field
  taken[#taken + 1] = page[2][i + 1]
  taken[#taken + 1] = has_scores and redis.call('ZSCORE', index, field)
end
return { page[1], taken }
