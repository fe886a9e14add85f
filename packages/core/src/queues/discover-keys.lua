-- A page of the search for the keys of Celery's broker, and for heartbeats.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to look at
-- Returns  { next cursor ('0' at the end), what note-key.lua has found }. A key may come twice, as with SCAN.

--- @include "@atf/core/redis/scan-page"
--- @include "./note-key"

local next_cursor, keys = scan_page(ARGV[1], '*', tonumber(ARGV[2]))
for _, key in ipairs(keys) do note_key(key) end
return { next_cursor, discovered }
