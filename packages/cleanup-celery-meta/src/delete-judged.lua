-- Deletes results that are still what was judged, and what the backup has of them. All are looked at and asked for before
-- the first one goes: a refusal comes before any loss. Under the lock: see under-lock.lua.
-- KEYS         the keys
-- ARGV[2i-1]   SHA-1 of the value of KEYS[i], '-' where it was too large to be judged: then its mark alone tells
-- ARGV[2i]     mark of its content, '' where there is no backup
-- Returns      a letter for each key: D deleted, G gone already, C changed and left alone

--- @include "@atf/core/redis/under-lock"
--- @include "@atf/core/backup/content-mark"
--- @include "@atf/core/redis/denied-command"

local function still_is(key, value_mark, saved_mark)
  if value_mark == '-' then return saved_mark ~= '' and content_mark(key) == saved_mark end
  local value = redis.pcall('GET', key)
  if type(value) ~= 'string' or redis.sha1hex(value) ~= value_mark then return false end
  return saved_mark == '' or content_mark(key) == saved_mark
end

local fates, commands = {}, {}
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then
    fates[i] = 'G'
  elseif still_is(KEYS[i], ARGV[2 * i - 1], ARGV[2 * i]) then
    fates[i] = 'D'
    commands[#commands + 1] = { 'UNLINK', KEYS[i] }
  else
    fates[i] = 'C'
  end
end

return run_all(commands) or table.concat(fates)
