-- Takes the maintenance lock, if nobody holds it.
-- KEYS[1]  the lock
-- ARGV[1]  what its holder writes there
-- ARGV[2]  ms for which it is held
-- Returns  false where it was taken, else what its holder wrote there

--- @include "./denied-command"

local lock = KEYS[1]
local denied = denied_command({ { 'GET', lock }, { 'SET', lock, '' }, { 'PEXPIRE', lock, ARGV[2] }, { 'DEL', lock } })
if denied then return denial(denied) end

local holder = redis.pcall('GET', lock)
if type(holder) == 'table' then return 'a key that is no lock' end
if holder then return holder end
-- There is nothing to delete. But a server that is full (maxmemory) refuses a script's SET only where it is its first
-- write, and a full server is what some tools are for.
redis.call('DEL', lock)
redis.call('SET', lock, ARGV[1], 'PX', ARGV[2])
return false
