-- Memory and type of some keys.
-- KEYS     the keys, at most some hundreds
-- Returns  { bytes of each (0: nobody may ask, or no such key any more), type of each ('none': no such key any more) }

local bytes, types = {}, {}
for i = 1, #KEYS do
  local taken = redis.pcall('MEMORY', 'USAGE', KEYS[i])
  bytes[i] = type(taken) == 'number' and taken or 0
  types[i] = redis.call('TYPE', KEYS[i]).ok
end
return { bytes, types }
