-- Removes ids from the lists, each only if its task does not exist. Under the lock: see under-lock.lua.
-- KEYS[1..3]  lists that hold ids
-- ARGV        ids
-- Returns     how many entries were removed

--- @include "@atf/core/redis/under-lock"

local removed = 0
for _, id in ipairs(ARGV) do
  if redis.call('EXISTS', 'task:' .. id) == 0 then
    for i = 1, #KEYS do
      if redis.call('TYPE', KEYS[i]).ok == 'list' then removed = removed + redis.call('LREM', KEYS[i], 0, id) end
    end
  end
end
return removed
