-- Include: the fields that a judgement is based on, and a fingerprint of them.

local pcall = redis.pcall

-- Returns the values of a hash, false for each that is missing; of any other key nil and its type.
local function judged_values(key, fields)
  local values = pcall('HMGET', key, unpack(fields))
  if not values.err then return values end
  if not string.find(values.err, 'WRONGTYPE', 1, true) then redis.call('HMGET', key, unpack(fields)) end
  return nil, redis.call('TYPE', key).ok
end

local function fingerprint(values, wrong_type)
  if wrong_type then return 'type:' .. wrong_type end
  return redis.sha1hex(cmsgpack.pack(values))
end
