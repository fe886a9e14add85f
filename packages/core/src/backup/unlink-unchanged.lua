-- Deletes keys that still hold what the backup has of them. All are looked at and asked for before the first one goes: a
-- refusal comes before any loss. Under the lock: see under-lock.lua.
-- KEYS     the keys
-- ARGV[i]  mark of the content of KEYS[i]
-- Returns  a letter for each key: D deleted, G gone already, C changed and left alone

--- @include "@atf/core/redis/under-lock"
--- @include "./content-mark"
--- @include "@atf/core/redis/denied-command"

local fates, commands = {}, {}
for i = 1, #KEYS do
  local mark = content_mark(KEYS[i])
  if mark == '-' then
    fates[i] = 'G'
  elseif mark ~= ARGV[i] then
    fates[i] = 'C'
  else
    fates[i] = 'D'
    commands[#commands + 1] = { 'UNLINK', KEYS[i] }
  end
end

return run_all(commands) or table.concat(fates)
