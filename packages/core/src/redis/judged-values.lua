-- Include: the fields that a judgement stands on, and a fingerprint of them.

local pcall = redis.pcall

-- Returns the values (false where missing) of a hash; nothing and its type where it is none.
local function judged_values(key, fields)
  local values = pcall('HMGET', key, unpack(fields))
  if not values.err then return values end
  if not string.find(values.err, 'WRONGTYPE', 1, true) then redis.call('HMGET', key, unpack(fields)) end
  return nil, redis.call('TYPE', key).ok
end

local function fingerprint(values, foreign_type)
  if foreign_type then return 'type:' .. foreign_type end
  return redis.sha1hex(cmsgpack.pack(values))
end
