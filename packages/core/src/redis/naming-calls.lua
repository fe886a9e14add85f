-- Is put before a script that the server refused: each call that the user may not do, or that the server does not have, ends
-- the script with an error that names command and key. What the script asks for by pcall may be refused.

local KEYLESS_COMMANDS = { SCAN = true, INFO = true, TIME = true, DBSIZE = true, FLUSHDB = true }

local server, protected = redis, pcall
local redis = setmetatable({}, { __index = server })

local function refusal(is_known, name, key, third)
  name = string.upper(name)
  if name == 'MEMORY' then
    name, key = name .. '|' .. key, third
  end
  if not is_known then
    return server.error_reply('ERR this server does not have the command ' .. string.lower(name))
  end
  local on = (KEYLESS_COMMANDS[name] or not key) and '' or ' on ' .. string.sub(key, 1, 200)
  return server.error_reply('NOPERM this user has no permission to run ' .. string.lower(name) .. on)
end

redis.call = function(...)
  local is_known, is_allowed = protected(server.acl_check_cmd, ...)
  if not is_known or not is_allowed then error(refusal(is_known, ...)) end
  return server.call(...)
end
