-- Takes the maintenance lock, if nobody holds it.
-- KEYS[1]  the lock
-- ARGV[1]  what its holder writes there
-- ARGV[2]  ms for which it is held
-- Returns  false where it was taken, else what its holder wrote there

local denied = denied_command({ { 'GET', KEYS[1] }, { 'PEXPIRE', KEYS[1], ARGV[2] }, { 'DEL', KEYS[1] } })
if denied then return denial(denied) end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('GET', KEYS[1])
