-- How many entries some queues have.
-- KEYS     the queues
-- ARGV[i]  the type of KEYS[i]: list, zset or hash
-- Returns  the number of each, -1 if the key is of another type

local SIZE_OF = { list = 'LLEN', zset = 'ZCARD', hash = 'HLEN' }
local depths = {}
for i = 1, #KEYS do
  local type = redis.call('TYPE', KEYS[i]).ok
  depths[i] = type == 'none' and 0 or type == ARGV[i] and redis.call(SIZE_OF[type], KEYS[i]) or -1
end
return depths
