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

local now = may_expire and server_time()
local letters, labels, expiries = {}, {}, {}
-- width: the bytes of each key; nil: no key yet; -1: keys of different lengths
local found, lists, packed, width = 0, {}, {}, nil

-- The hottest loop of all tools: a known state needs no function call.
local next_cursor = scan_steps(cursor, 'task:*', count, function(keys, names)
  local known, hget = LETTERS, redis.pcall
  for i = 1, #keys do
    local key = keys[i]
    local letter, label = known[hget('HGET', key, 'state')]
    if not letter then letter, label = observed_state(key) end
    letters[found + i] = letter
    if label then labels[#labels + 1] = label end
    if may_expire then add_expiry(expiries, found + i, key, now) end
    if #key ~= width then width = width and -1 or #key end
  end
  found = found + #keys
  lists[#lists + 1], packed[#packed + 1] = keys, names
end)

-- Returns the keys as pack_keys does, from the parts that were gathered.
local function all_keys()
  if width ~= -1 then return table.concat(packed) end
  local keys = {}
  for _, list in ipairs(lists) do
    for i = 1, #list do keys[#keys + 1] = list[i] end
  end
  return keys
end

return { next_cursor, all_keys(), table.concat(letters), labels, expiries }
