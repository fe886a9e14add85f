-- Takes the maintenance lock, if nobody holds it.
-- KEYS[1]  the lock
-- ARGV[1]  what its holder writes there
-- ARGV[2]  ms for which it is held
-- ARGV[3]  the permissions that the work under the lock needs
-- Returns  false if it was taken, otherwise what its holder wrote there

--- @include "./missing-permission"

local lock = KEYS[1]
local missing = missing_permission(ARGV[3], lock)
if missing then return missing end

local holder = redis.pcall('GET', lock)
if type(holder) == 'table' then return 'a key that is no lock' end
if holder then return holder end
-- There is nothing to delete. But a server that is full (maxmemory) refuses a script's SET only if it is its first
-- write, and a full server is what some tools are for.
redis.call('DEL', lock)
redis.call('SET', lock, ARGV[1], 'PX', ARGV[2])
return false
