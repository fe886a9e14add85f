-- Include: counts what is written to the server.

local function info_of(section)
  local info = redis.pcall('INFO', section)
  return type(info) == 'string' and info or ''
end

-- Returns how many changes the server has counted since its last save, and the second of that save. If both are equal at two
-- moments, nothing was written in between. Both are -1 if that is unknown:
-- - In the second of a save, and in the next one, because the clock of a save may lag: a second save would look the same.
-- - At 0 changes, because some servers have the figure but do not count.
local function count_changes()
  local info = info_of('persistence')
  local changes = tonumber(string.match(info, 'rdb_changes_since_last_save:(%d+)'))
  local saved_at = tonumber(string.match(info, 'rdb_last_save_time:(%d+)'))
  local is_known = changes and changes > 0 and saved_at and saved_at + 1 < tonumber(redis.call('TIME')[1])
  if not is_known then return -1, -1 end
  return changes, saved_at
end
