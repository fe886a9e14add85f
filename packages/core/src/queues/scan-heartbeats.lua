-- One page of the scan for heartbeats of workers.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to look at
-- ARGV[3]  glob of the heartbeats' keys
-- Returns  { next cursor ('0' at the end), keys, the first 64 bytes of their values, milliseconds until each expires (-1: never) }

local page = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[3], 'COUNT', ARGV[2], 'TYPE', 'string')
local keys, values, left = page[2], {}, {}
for i = 1, #keys do
  values[i] = redis.call('GETRANGE', keys[i], 0, 63)
  left[i] = redis.call('PTTL', keys[i])
end
return { page[1], keys, values, left }
