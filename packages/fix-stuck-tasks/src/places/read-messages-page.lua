-- One page of a list of the broker's messages.
-- KEYS[1]  the list
-- ARGV     the first and the last place, as LRANGE takes them
-- Returns  the messages, or the key's type where it is no list

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'list' and kind ~= 'none' then return kind end
return redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])
