-- Deletes results, each only if it has not changed since it was judged and saved. Under the lock: see under-lock.lua.
-- KEYS         the keys
-- ARGV[2i-1]   hash of the judged value of KEYS[i], as value_hash makes it
-- ARGV[2i]     content hash of KEYS[i], '' without a backup
-- Returns      a letter for each key: D deleted, G gone already, C changed and left alone

--- @include "@atf/core/redis/under-lock"
--- @include "@atf/core/backup/content-hash"
--- @include "./result-values"

local function is_unchanged(key, expected, saved_hash)
  if saved_hash ~= '' then return content_hash(key) == saved_hash end
  local length = length_of(key)
  return length ~= nil and value_hash(key, length) == expected
end

local letters = {}
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then
    letters[i] = 'G'
  elseif is_unchanged(KEYS[i], ARGV[2 * i - 1], ARGV[2 * i]) then
    letters[i] = 'D'
    redis.call('UNLINK', KEYS[i])
  else
    letters[i] = 'C'
  end
end

return table.concat(letters)
