-- Include for scripts that scan the key space.

-- One SCAN looks at this many keys: few at first, because their names may be long.
local FIRST_STEP, NEXT_STEP = 10, 100
local SCAN_BYTES = 256 * 1024

-- Scans about `count` keys of any name. Calls visit(keys, names) after each SCAN, with the keys that match the pattern and their
-- names as one string. Reading these keys at once is cheap, because the processor's caches still hold them.
-- Returns the next cursor. It stops early once it has 256 kB of key names. As with SCAN, a key may come twice.
local function scan_steps(cursor, pattern, count, visit)
  local found, bytes, scanned, step = 0, 0, 0, math.min(FIRST_STEP, count)
  repeat
    local page = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', step)
    local keys, names = page[2], table.concat(page[2])
    cursor, scanned = page[1], scanned + step
    found, bytes = found + #keys, bytes + #names
    visit(keys, names)
    local has_long_names = bytes / math.max(found, 1) > SCAN_BYTES / NEXT_STEP
    step = math.min(has_long_names and FIRST_STEP or NEXT_STEP, count - scanned)
  until cursor == '0' or scanned >= count or bytes >= SCAN_BYTES
  return cursor
end

-- As scan_steps, but returns the next cursor and the keys.
local function scan_page(cursor, pattern, count)
  local found = {}
  local next_cursor = scan_steps(cursor, pattern, count, function(keys)
    for i = 1, #keys do found[#found + 1] = keys[i] end
  end)
  return next_cursor, found
end
