-- A page of a list.
-- KEYS[1]  the list
-- ARGV     the first and the last place, as LRANGE takes them
-- Returns  the entries; none where the key is no list

if redis.call('TYPE', KEYS[1]).ok ~= 'list' then return {} end
return redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])
