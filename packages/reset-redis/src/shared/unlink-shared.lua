-- Deletes keys of Celery that hold nothing of other programs, unless their size has changed since they were read. Under the lock:
-- see under-lock.lua.
-- KEYS     the keys
-- ARGV[i]  how many messages or members KEYS[i] had, '' if that does not matter
-- Returns  a letter for each key: D deleted, G gone already, C changed and left alone

--- @include "@atf/core/redis/under-lock"

local SIZE_OF = { list = 'LLEN', hash = 'HLEN', set = 'SCARD' }

local letters = {}
for i, key in ipairs(KEYS) do
  local command = SIZE_OF[redis.call('TYPE', key).ok]
  if ARGV[i] ~= '' and command and redis.call(command, key) ~= tonumber(ARGV[i]) then
    letters[i] = 'C'
  else
    letters[i] = redis.call('UNLINK', key) == 1 and 'D' or 'G'
  end
end
return table.concat(letters)
