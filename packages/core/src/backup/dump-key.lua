-- One key as a backup keeps it.
-- KEYS[1]  the key
-- Returns  { dump, Unix time in ms at which it expires (-1: never), mark of the content }, or false: no such key

--- @include "./content-mark"

local dump = redis.call('DUMP', KEYS[1])
if not dump then return false end
local expires_at = redis.call('PTTL', KEYS[1])
if expires_at >= 0 then
  local now = redis.call('TIME')
  expires_at = expires_at + now[1] * 1000 + math.floor(now[2] / 1000)
end
return { dump, expires_at, content_mark(KEYS[1]) }
