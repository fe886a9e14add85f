-- Head that is put before a script which the server refused, behind denied-command.lua: each call of it that the user may
-- not do ends it with an error that names command and key. What is asked for by pcall may be refused.

local server = redis
local redis = setmetatable({}, { __index = server })

redis.call = function(...)
  local command = { ... }
  if not server.acl_check_cmd(...) then error(denial(command)) end
  return server.call(...)
end
