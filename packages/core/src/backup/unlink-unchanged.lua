-- Deletes keys that are still what the backup has of them.
-- KEYS     the keys
-- ARGV[i]  SHA-1 of the dump of KEYS[i]
-- Returns  a letter for each key: D deleted, G gone already, C changed and left alone

local fates = {}
for i = 1, #KEYS do
  local dump = redis.call('DUMP', KEYS[i])
  if not dump then
    fates[i] = 'G'
  elseif redis.sha1hex(dump) ~= ARGV[i] then
    fates[i] = 'C'
  else
    redis.call('UNLINK', KEYS[i])
    fates[i] = 'D'
  end
end
return table.concat(fates)
