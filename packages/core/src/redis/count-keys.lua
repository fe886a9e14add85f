-- How many keys a database holds.
-- KEYS[1]  the maintenance lock, which is nobody's data
-- Returns  their number without the lock

return redis.call('DBSIZE') - redis.call('EXISTS', KEYS[1])
