-- The members of a set.
-- KEYS[1]  the set
-- Returns  the members; an empty list if the key has another type

if redis.call('TYPE', KEYS[1]).ok ~= 'set' then return {} end
return redis.call('SMEMBERS', KEYS[1])
