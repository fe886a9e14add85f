-- Include: a whole key as a backup keeps it.

--- @include "./content-hash"

-- The Unix time in ms at which a key expires, -1: never.
local function expires_at(key)
  local ms = redis.call('PTTL', key)
  if ms < 0 then return -1 end
  local now = redis.call('TIME')
  return ms + now[1] * 1000 + math.floor(now[2] / 1000)
end

-- Returns { dump, expires_at, content_hash }, or false if there is no such key.
local function saved_key(key)
  local dump = redis.call('DUMP', key)
  return dump and { dump, expires_at(key), content_hash(key) }
end
