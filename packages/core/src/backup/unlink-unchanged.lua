-- Deletes keys that still hold what the backup has of them.
-- KEYS     the keys
-- ARGV[i]  mark of the content of KEYS[i]
-- Returns  a letter for each key: D deleted, G gone already, C changed and left alone

local fates = {}
for i = 1, #KEYS do
  local mark = content_mark(KEYS[i])
  if mark == '-' then
    fates[i] = 'G'
  elseif mark ~= ARGV[i] then
    fates[i] = 'C'
  else
    redis.call('UNLINK', KEYS[i])
    fates[i] = 'D'
  end
end
return table.concat(fates)
