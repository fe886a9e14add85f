-- Memory and type of some keys.
-- KEYS     the keys, some hundreds at the most
-- Returns  { bytes of each (0: no such key any more), type of each }

local bytes, types = {}, {}
for i = 1, #KEYS do
  bytes[i] = redis.call('MEMORY', 'USAGE', KEYS[i]) or 0
  types[i] = redis.call('TYPE', KEYS[i]).ok
end
return { bytes, types }
