-- Deletes keys that still hold what the backup holds of them. The script checks all keys and permissions before it deletes
-- the first key, so a refusal comes before any loss. Under the lock: see under-lock.lua.
-- KEYS     the keys
-- ARGV[i]  content hash of KEYS[i]
-- Returns  a letter for each key: D deleted, G gone already, C changed and left alone

--- @include "@atf/core/redis/under-lock"
--- @include "./content-hash"
--- @include "@atf/core/redis/denied-command"

local letters, commands = {}, {}
for i = 1, #KEYS do
  local hash = content_hash(KEYS[i])
  if hash == '-' then
    letters[i] = 'G'
  elseif hash ~= ARGV[i] then
    letters[i] = 'C'
  else
    letters[i] = 'D'
    commands[#commands + 1] = { 'UNLINK', KEYS[i] }
  end
end

return run_all(commands) or table.concat(letters)
