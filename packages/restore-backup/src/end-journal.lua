-- Removes the journal of a restore that is complete. Under the lock: see under-lock.lua.
-- KEYS[1]  the journal
-- Returns  1, or 0 if there was none

--- @include "@atf/core/redis/under-lock"

return redis.call('DEL', KEYS[1])
