-- Is put before a script that the server refused: each call that the user may not do ends the script with an error that
-- names command and key. What the script asks for by pcall may be refused.

local KEYLESS_COMMANDS = { SCAN = true, INFO = true, TIME = true, DBSIZE = true, FLUSHDB = true }

local server = redis
local redis = setmetatable({}, { __index = server })

local function denial(name, key, third)
  name = string.upper(name)
  if name == 'MEMORY' then
    name, key = name .. '|' .. key, third
  end
  local on = (KEYLESS_COMMANDS[name] or not key) and '' or ' on ' .. string.sub(key, 1, 200)
  return server.error_reply('NOPERM this user has no permission to run ' .. string.lower(name) .. on)
end

redis.call = function(...)
  if not server.acl_check_cmd(...) then error(denial(...)) end
  return server.call(...)
end
