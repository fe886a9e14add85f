-- Include of the scripts that write: a script is not undone where a later command of it is refused, so it asks for
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

local KEYLESS_COMMANDS = { SCAN = true, INFO = true, TIME = true, DBSIZE = true, FLUSHDB = true }

-- The error to return for it: it names the command, and the key that it is for.
local function denial(command)
  local name, key = string.upper(command[1]), command[2]
  if name == 'MEMORY' then
    name, key = name .. '|' .. command[2], command[3]
  end
  local on = (KEYLESS_COMMANDS[name] or not key) and '' or ' on ' .. string.sub(key, 1, 200)
  return redis.error_reply('NOPERM this user has no permission to run ' .. string.lower(name) .. on)
end

-- Runs commands, all of them or none: returns the error of the first that the user may not run, nil once all have run.
local function run_all(commands)
  local denied = denied_command(commands)
  if denied then return denial(denied) end
  for _, command in ipairs(commands) do redis.call(unpack(command)) end
  return nil
end
