-- Renews the maintenance lock for its holder, or gives it back.
-- KEYS[1]  the lock
-- ARGV[1]  what its holder wrote there
-- ARGV[2]  ms for which it is to be held from now on; 0: give it back
-- Returns  1, or 0 where somebody else holds it or nobody

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
