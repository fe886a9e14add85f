-- Deletes results that still are what was judged and saved. Under the lock: see under-lock.lua.
-- KEYS         the keys
-- ARGV[2i-1]   SHA-1 of the value of KEYS[i], '-' if it was too large to be judged: then its hash decides
-- ARGV[2i]     content hash of KEYS[i], '' without a backup
-- Returns      a letter for each key: D deleted, G gone already, C changed and left alone

--- @include "@atf/core/redis/under-lock"
--- @include "@atf/core/backup/content-hash"

local function still_is(key, value_hash, saved_hash)
  if value_hash == '-' then return saved_hash ~= '' and content_hash(key) == saved_hash end
  local value = redis.pcall('GET', key)
  if type(value) ~= 'string' or redis.sha1hex(value) ~= value_hash then return false end
  return saved_hash == '' or content_hash(key) == saved_hash
end

local letters = {}
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then
    letters[i] = 'G'
  elseif still_is(KEYS[i], ARGV[2 * i - 1], ARGV[2 * i]) then
    letters[i] = 'D'
    redis.call('UNLINK', KEYS[i])
  else
    letters[i] = 'C'
  end
end

return table.concat(letters)
