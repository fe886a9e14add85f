-- Include: counts what is written to the server.

local function info_of(section)
  local info = redis.pcall('INFO', section)
  return type(info) == 'string' and info or ''
end

-- Returns how many changes the server has counted since it last saved, and the second of that save; -1 if that is unknown.
-- A save sets the count back. As its second is over, a later save has another one. So if both answers are the same at two moments,
-- nothing was written in between.
local function count_changes()
  local info = info_of('persistence')
  local changes = tonumber(string.match(info, 'rdb_changes_since_last_save:(%d+)'))
  local saved_at = tonumber(string.match(info, 'rdb_last_save_time:(%d+)'))
  if not changes or not saved_at or saved_at >= tonumber(redis.call('TIME')[1]) then return -1, -1 end
  return changes, saved_at
end
