-- Reads a queue as a backup keeps it: entry by entry.
-- KEYS[1]  the queue
-- Returns  { type, content hash, elements: of a sorted set each before its score, of a hash each before its value },
--          or false if there is no such key or it has another type

--- @include "./content-hash"

local READ = {
  list = function(key) return redis.call('LRANGE', key, 0, -1) end,
  zset = function(key) return redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
  hash = function(key) return redis.call('HGETALL', key) end,
}

local kind = redis.call('TYPE', KEYS[1]).ok
return READ[kind] and { kind, content_hash(KEYS[1]), READ[kind](KEYS[1]) } or false
