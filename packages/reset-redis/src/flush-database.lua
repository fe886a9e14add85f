-- Empties this database, the maintenance lock excepted: it is written again in the same step. Under the lock: see
-- under-lock.lua.
-- KEYS[1]  the lock
-- ARGV[1]  what its holder wrote there
-- ARGV[2]  ms for which it is held from now on
-- Returns  how many keys went, without the lock

--- @include "@atf/core/redis/under-lock"

local keys = redis.call('DBSIZE') - 1
redis.call('FLUSHDB', 'ASYNC')
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return keys
