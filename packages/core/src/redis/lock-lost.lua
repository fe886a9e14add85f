-- Shared head of the scripts that write under the maintenance lock.

-- Returns nil while the lock's key holds the given value, else the error to return: nothing may be written any more.
local function lock_lost(key, value)
  local holder = redis.call('GET', key)
  if holder == value then return nil end
  return redis.error_reply('LOCKLOST ' .. (holder or 'nobody'))
end
