-- Shared head of the scripts that write: a script is not undone where a later command of it is refused, so it asks for
-- all of them before its first write.

-- Returns the first of some commands, each a table of its name and arguments, that the user may not run; nil where all
-- may be run. Before Redis 7 there is no way to ask, and none is named.
local function denied_command(commands)
  if not redis.acl_check_cmd then return nil end
  for _, command in ipairs(commands) do
    if not redis.acl_check_cmd(unpack(command)) then return command end
  end
  return nil
end

-- The error to return for it.
local function denial(command)
  return redis.error_reply('NOPERM this user has no permission to run ' .. string.lower(command[1]) .. ' on ' .. (command[2] or 'it'))
end
