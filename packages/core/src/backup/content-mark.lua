-- Include: a mark of what a key holds. Two keys have the same mark where type and content are the same, however they
-- are encoded. A DUMP will not do for that: the order of a hash's fields in it changes while nobody writes.

local PAGE = 1000

-- The mark of parts whose order counts, fetched page by page.
local function ordered_mark(kind, count, page)
  local mark = kind
  for from = 0, count - 1, PAGE do
    local parts = page(from, from + PAGE - 1)
    for i = 1, #parts do parts[i] = redis.sha1hex(parts[i]) end
    mark = redis.sha1hex(mark .. table.concat(parts))
  end
  return redis.sha1hex(mark)
end

local MARKS = {
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
    return ordered_mark('list', redis.call('LLEN', key), function(from, to)
      return redis.call('LRANGE', key, from, to)
    end)
  end,
  zset = function(key)
    return ordered_mark('zset', redis.call('ZCARD', key), function(from, to)
      return redis.call('ZRANGE', key, from, to, 'WITHSCORES')
    end)
  end,
}

-- Returns '-' where there is no such key. Cost: the whole content is read and hashed on the server.
local function content_mark(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return '-' end
  if MARKS[kind] then return MARKS[kind](key) end
  return redis.sha1hex(kind .. redis.call('DUMP', key))
end
