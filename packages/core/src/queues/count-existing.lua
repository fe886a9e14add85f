-- How many of some keys exist.
-- KEYS     the keys
-- Returns  their number

return redis.call('EXISTS', unpack(KEYS))
