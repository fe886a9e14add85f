-- Returns a page of the hashes of messages that workers have taken and not acknowledged.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to scan
-- ARGV[3]  glob of the hashes' names
-- Returns  { next cursor ('0' at the end), names }. A key may come twice, as with SCAN.

--- @include "@atf/core/redis/scan-page"

local next_cursor, keys = scan_page(ARGV[1], ARGV[3], tonumber(ARGV[2]))
return { next_cursor, keys }
