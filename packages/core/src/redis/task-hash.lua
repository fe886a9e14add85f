-- Include: tells AsyncTaskFlow's hashes under task:* from other programs' hashes.

local FOUR = '%x%x%x%x'
local UUID_KEY = '^task:' .. table.concat({ FOUR .. FOUR, FOUR, FOUR, FOUR, FOUR .. FOUR .. FOUR }, '%-') .. '$'

-- True if the name ends in an id as AsyncTaskFlow makes them, or if the hash has one of the given fields.
local function is_task_hash(key, fields)
  if string.find(key, UUID_KEY) then return true end
  for _, field in ipairs(fields) do
    if redis.call('HEXISTS', key, field) == 1 then return true end
  end
  return false
end
