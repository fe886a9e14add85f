-- A page of a list.
-- KEYS[1]  the list
-- ARGV     the first and the last index, as LRANGE takes them
-- Returns  the entries, or the type of a key that is not a list

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'list' and kind ~= 'none' then return kind end
return redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])
