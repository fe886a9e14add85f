-- Empties this database, the maintenance lock excepted: it is written again in the same step.
-- KEYS[1]  the lock
-- ARGV[1]  what its holder wrote there
-- ARGV[2]  ms for which it is held from now on
-- Returns  how many keys went, without the lock

--- @include "@atf/core/redis/lock-lost"
--- @include "@atf/core/redis/denied-command"

local lost = lock_lost(KEYS[1], ARGV[1])
if lost then return lost end
local denied = denied_command({ { 'FLUSHDB', 'ASYNC' }, { 'SET', KEYS[1], '' } })
if denied then return denial(denied) end

local keys = redis.call('DBSIZE') - 1
redis.call('FLUSHDB', 'ASYNC')
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return keys
