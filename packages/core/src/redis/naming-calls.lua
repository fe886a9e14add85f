-- Is put before a script that the server refused: each call that the user may not do ends the script with an error that
-- names command and key. What the script asks for by pcall may be refused.

--- @include "./denied-command"

local server = redis
local redis = setmetatable({}, { __index = server })

redis.call = function(...)
  local command = { ... }
  if not server.acl_check_cmd(...) then error(denial(command)) end
  return server.call(...)
end
