-- Include: a hash of what a key holds. Two keys have the same hash if their type and content are the same, in whatever
-- encoding. A DUMP cannot serve for this: the order of a hash's fields in it changes although nobody writes.

local PAGE = 1000

-- Hashes parts whose order counts. They are fetched page by page.
local function ordered_hash(kind, count, page)
  local hash = kind
  for from = 0, count - 1, PAGE do
    local parts = page(from, from + PAGE - 1)
    for i = 1, #parts do parts[i] = redis.sha1hex(parts[i]) end
    hash = redis.sha1hex(hash .. table.concat(parts))
  end
  return redis.sha1hex(hash)
end

local HASH_OF_TYPE = {
  string = function(key) return redis.sha1hex(redis.call('GET', key)) end,
  hash = function(key)
    local flat, parts = redis.call('HGETALL', key), {}
    for i = 1, #flat, 2 do parts[#parts + 1] = redis.sha1hex(flat[i]) .. redis.sha1hex(flat[i + 1]) end
    table.sort(parts)
    return redis.sha1hex('hash' .. table.concat(parts))
  end,
  set = function(key)
    local parts = redis.call('SMEMBERS', key)
    for i = 1, #parts do parts[i] = redis.sha1hex(parts[i]) end
    table.sort(parts)
    return redis.sha1hex('set' .. table.concat(parts))
  end,
  list = function(key)
    return ordered_hash('list', redis.call('LLEN', key), function(from, to)
      return redis.call('LRANGE', key, from, to)
    end)
  end,
  zset = function(key)
    return ordered_hash('zset', redis.call('ZCARD', key), function(from, to)
      return redis.call('ZRANGE', key, from, to, 'WITHSCORES')
    end)
  end,
}

-- Returns '-' if there is no such key. Cost: the server reads and hashes the whole content.
local function content_hash(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return '-' end
  if HASH_OF_TYPE[kind] then return HASH_OF_TYPE[kind](key) end
  return redis.sha1hex(kind .. redis.call('DUMP', key))
end
