-- Include for scripts that scan the key space.

-- One SCAN looks at this many keys. More would block for long if key names are long.
local SCAN_STEP = 50
local SCAN_BYTES = 256 * 1024

-- Scans about `count` keys of any name, and returns the next cursor and the keys that match the pattern. It stops early
-- once it has 256 kB of key names. As with SCAN, a key may come twice.
local function scan_page(cursor, pattern, count)
  local keys, bytes, scanned = {}, 0, 0
  repeat
    local step = math.min(SCAN_STEP, count - scanned)
    local page = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', step)
    cursor, scanned = page[1], scanned + step
    for _, key in ipairs(page[2]) do
      keys[#keys + 1] = key
      bytes = bytes + #key
    end
  until cursor == '0' or scanned >= count or bytes >= SCAN_BYTES
  return cursor, keys
end
