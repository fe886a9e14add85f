-- Shared head: a mark of what a key holds. Two keys have the same mark where type and content are the same.
-- A DUMP will not do: the fields of a hash and the members of a set come in an order that changes while nobody writes.

local function unordered_mark(kind, parts)
  table.sort(parts)
  return redis.sha1hex(kind .. table.concat(parts))
end

-- Returns '-' where there is no such key. Cost: the whole content is read and hashed on the server.
local function content_mark(key)
  local kind = redis.call('TYPE', key).ok
  local parts = {}
  if kind == 'none' then return '-' end
  if kind == 'hash' then
    local flat = redis.call('HGETALL', key)
    for i = 1, #flat, 2 do parts[#parts + 1] = redis.sha1hex(flat[i]) .. redis.sha1hex(flat[i + 1]) end
    return unordered_mark(kind, parts)
  end
  if kind == 'set' then
    for i, member in ipairs(redis.call('SMEMBERS', key)) do parts[i] = redis.sha1hex(member) end
    return unordered_mark(kind, parts)
  end
  return redis.sha1hex(kind .. redis.call('DUMP', key))
end
