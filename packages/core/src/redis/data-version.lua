-- Returns a text that changes with every write to the server.
-- KEYS     none
-- Returns  the text; false if the server cannot tell: see data-version.ts

--- @include "./count-changes"

local changes, saved_at = count_changes()
local stats, replication = info_of('stats'), info_of('replication')
local expired, evicted = string.match(stats, 'expired_keys:(%d+)'), string.match(stats, 'evicted_keys:(%d+)')
local replication_id = string.match(replication, 'role:master.*master_replid:(%x+)')
if changes < 0 or not (expired and evicted and replication_id) then return false end
return table.concat({ changes, saved_at, expired, evicted, replication_id }, ' ')
