-- Deletes keys that still hold what the backup holds of them. Under the lock: see under-lock.lua.
-- KEYS     the keys
-- ARGV[i]  content hash of KEYS[i]
-- Returns  a letter for each key: D deleted, G gone already, C changed and left alone

--- @include "@atf/core/redis/under-lock"
--- @include "./content-hash"

local letters = {}
for i = 1, #KEYS do
  local hash = content_hash(KEYS[i])
  if hash == '-' then
    letters[i] = 'G'
  elseif hash ~= ARGV[i] then
    letters[i] = 'C'
  else
    letters[i] = 'D'
    redis.call('UNLINK', KEYS[i])
  end
end

return table.concat(letters)
