-- One page of the scan over the tasks.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT: how many keys of any name SCAN looks at
-- Returns  { next cursor ('0' at the end), keys packed, their letters in one string, labels of the letters u and x in order }

--- @include "@atf/core/redis/pack-keys"
--- @include "./observed-state"

local cursor, count = ARGV[1], ARGV[2]

local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', count)
local keys, letters, labels = page[2], {}, {}
for i = 1, #keys do
  local letter, label = observed_state(keys[i])
  letters[i] = letter
  if label then labels[#labels + 1] = label end
end
return { page[1], pack_keys(keys), table.concat(letters), labels }
