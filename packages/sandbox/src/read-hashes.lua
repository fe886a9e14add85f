-- Reads some fields of keys, whatever they are.
-- KEYS     the keys
-- ARGV     the names of the fields
-- Returns  { { type, { value or nil, … } }, … }: no values for what is no hash
local read = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  read[i] = { kind, kind == 'hash' and redis.call('HMGET', key, unpack(ARGV)) or {} }
end
return read
