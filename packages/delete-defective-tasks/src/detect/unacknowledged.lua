-- A page of the messages that workers have taken and not acknowledged.
-- KEYS[1]  the hash of these messages
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many messages to look at
-- Returns  { next cursor ('0' at the end), messages }; no messages if the key is not a hash

if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return { '0', {} } end
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local messages = {}
for i = 2, #page[2], 2 do messages[#messages + 1] = page[2][i] end
return { page[1], messages }
