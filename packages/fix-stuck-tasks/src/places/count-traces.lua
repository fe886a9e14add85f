-- How many of some keys there are.
-- KEYS     the keys
-- Returns  their number

return redis.call('EXISTS', unpack(KEYS))
