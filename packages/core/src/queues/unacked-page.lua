-- A page of the hash of messages that workers have taken.
-- KEYS[1]  the hash
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many fields to look at
-- Returns  { next cursor ('0' at the end), { field, message, … } }, or the type of a key that is not a hash. A message may come
--          twice, as with SCAN.

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then return kind end
return redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
