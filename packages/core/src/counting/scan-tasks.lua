-- One page of the scan over the tasks.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT: how many keys of any name SCAN looks at
-- ARGV[3]  '1': tasks may expire
-- Returns  { next cursor ('0' at the end), keys packed, their letters in one string, labels of the letters u and x in order,
--          { index from 0, time of expiry in ms, … } }

--- @include "@atf/core/redis/pack-keys"
--- @include "@atf/core/redis/scan-page"
--- @include "./observed-state"
--- @include "./expiry"

local cursor, count, may_expire = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local next_cursor, keys = scan_page(cursor, 'task:*', count)
local now = may_expire and server_time()
local letters, labels, expiries = {}, {}, {}
for i = 1, #keys do
  local letter, label = observed_state(keys[i])
  letters[i] = letter
  if label then labels[#labels + 1] = label end
  if may_expire then add_expiry(expiries, i, keys[i], now) end
end
return { next_cursor, pack_keys(keys), table.concat(letters), labels, expiries }
