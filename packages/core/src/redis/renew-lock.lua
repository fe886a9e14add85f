-- Renews the maintenance lock for its holder, or gives it back.
-- KEYS[1]  the lock
-- ARGV[1]  what its holder wrote there
-- ARGV[2]  ms for which it is to be held from now on; 0: give it back
-- Returns  1; the value of the lock if somebody else holds it; 'nobody any more' if nobody does

local holder = redis.call('GET', KEYS[1])
if holder ~= ARGV[1] then return holder or 'nobody any more' end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
