-- Removes messages from a key that other programs use as well. Under the lock: see under-lock.lua.
-- KEYS[1]  a list of messages, or the hash of those that workers have taken
-- KEYS[2]  the sorted set that belongs to the hash
-- ARGV     entries of the list, or fields of the hash
-- Returns  how many were removed

--- @include "@atf/core/redis/under-lock"

local kind, removed = redis.call('TYPE', KEYS[1]).ok, 0
local has_index = redis.call('TYPE', KEYS[2]).ok == 'zset'
for _, id in ipairs(ARGV) do
  if kind == 'list' then removed = removed + redis.call('LREM', KEYS[1], -1, id) end
  if kind == 'hash' then
    removed = removed + redis.call('HDEL', KEYS[1], id)
    if has_index then redis.call('ZREM', KEYS[2], id) end
  end
end
return removed
