-- Include of the scripts that write under the maintenance lock.

-- Returns nil while the lock's key holds the given value, else the error to return: nothing may be written any more.
local function lock_lost(key, value)
  local holder = redis.pcall('GET', key)
  if holder == value then return nil end
  if type(holder) == 'table' then
    if not string.find(holder.err, 'WRONGTYPE', 1, true) then redis.call('GET', key) end
    holder = 'a key that is no lock'
  end
  return redis.error_reply('LOCKLOST ' .. string.sub(holder or 'nobody', 1, 500))
end
