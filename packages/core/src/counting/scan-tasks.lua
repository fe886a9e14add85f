-- One page of the scan over the tasks.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT: how many keys of any name SCAN looks at
-- ARGV[3]  '1': tasks may expire
-- Returns  { next cursor ('0' at the end), keys packed, their letters in one string, labels of the letters u and x in order,
--          { index from 0, time of expiry in ms, … } }

--- @include "@atf/core/redis/scan-page"
--- @include "./observed-state"
--- @include "./expiry"

local cursor, count, may_expire = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

-- The hottest loop of all tools: it does no more per task than it must.
local next_cursor, lists, packed = scan_lists(cursor, 'task:*', count)
local now = may_expire and server_time()
local letters, labels, expiries, width = {}, {}, {}, nil
local index = 0
for l = 1, #lists do
  local keys = lists[l]
  for i = 1, #keys do
    local key = keys[i]
    local letter, label = observed_state(key)
    index = index + 1
    letters[index] = letter
    if label then labels[#labels + 1] = label end
    if may_expire then add_expiry(expiries, index, key, now) end
    if #key ~= width then width = width and -1 or #key end
  end
end
-- Keys of one length are returned as a single string: see pack_keys.
local keys = width == -1 and joined(lists) or table.concat(packed)
return { next_cursor, keys, table.concat(letters), labels, expiries }
