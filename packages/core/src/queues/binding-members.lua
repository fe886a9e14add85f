-- The members of a binding of kombu.
-- KEYS[1]  the binding
-- Returns  the members, or the type of a key that is not a set

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'set' and kind ~= 'none' then return kind end
return redis.call('SMEMBERS', KEYS[1])
