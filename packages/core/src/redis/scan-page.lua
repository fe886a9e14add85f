-- Include for scripts that scan the key space.

-- One SCAN looks at this many keys: few at first, because their names may be long.
local FIRST_STEP, NEXT_STEP = 10, 100
local SCAN_BYTES = 256 * 1024

-- Scans about `count` keys of any name. Returns the next cursor, the keys that match the pattern, in one list for each SCAN, and
-- for each list its keys one behind the other. It stops early once it has 256 kB of key names. As with SCAN, a key may come twice.
local function scan_lists(cursor, pattern, count)
  local lists, packed, found, bytes, scanned, step = {}, {}, 0, 0, 0, math.min(FIRST_STEP, count)
  repeat
    local page = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', step)
    local keys, names = page[2], table.concat(page[2])
    cursor, scanned = page[1], scanned + step
    lists[#lists + 1], packed[#packed + 1] = keys, names
    found, bytes = found + #keys, bytes + #names
    local has_long_names = bytes / math.max(found, 1) > SCAN_BYTES / NEXT_STEP
    step = math.min(has_long_names and FIRST_STEP or NEXT_STEP, count - scanned)
  until cursor == '0' or scanned >= count or bytes >= SCAN_BYTES
  return cursor, lists, packed
end

-- Returns the keys of some lists in one list.
local function joined(lists)
  local keys = {}
  for _, list in ipairs(lists) do
    for i = 1, #list do keys[#keys + 1] = list[i] end
  end
  return keys
end

-- As scan_lists, but returns the next cursor and all keys in one list.
local function scan_page(cursor, pattern, count)
  local next_cursor, lists = scan_lists(cursor, pattern, count)
  return next_cursor, joined(lists)
end
