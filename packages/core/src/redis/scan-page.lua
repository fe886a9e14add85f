-- Include for scripts that scan the key space.

-- One SCAN looks at this many keys: few at first, because their names may be long.
local FIRST_STEP, NEXT_STEP = 10, 100
local SCAN_BYTES = 256 * 1024

-- Scans about `count` keys of any name, and returns the next cursor and the keys that match the pattern. It stops early
-- once it has 256 kB of key names. As with SCAN, a key may come twice.
local function scan_page(cursor, pattern, count)
  local keys, bytes, scanned, step = {}, 0, 0, math.min(FIRST_STEP, count)
  repeat
    local page = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', step)
    cursor, scanned = page[1], scanned + step
    for _, key in ipairs(page[2]) do
      keys[#keys + 1] = key
      bytes = bytes + #key
    end
    local has_long_names = bytes / math.max(#keys, 1) > SCAN_BYTES / NEXT_STEP
    step = math.min(has_long_names and FIRST_STEP or NEXT_STEP, count - scanned)
  until cursor == '0' or scanned >= count or bytes >= SCAN_BYTES
  return cursor, keys
end
