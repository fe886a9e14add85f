-- Include: whether the user has the permissions that a tool names.

local ACTIONS = { ['+'] = 'run ', ['&'] = 'publish to the channel ', ['~'] = 'read and write the key ', ['%R~'] = 'read the key ' }
local protected = pcall

-- True, false, or nil if the server does not have the command.
local function may(...)
  local is_known, is_allowed = protected(redis.acl_check_cmd, ...)
  if not is_known then return nil end
  return is_allowed
end

local function has_rule(kind, name, lock)
  if kind == '&' then return may('PUBLISH', name, '') end
  if kind == '~' then return may('EVALSHA', '', '1', name) end
  if kind == '%R~' then return not may('EVALSHA_RO', '', '0') or may('EVALSHA_RO', '', '1', name) end
  local command, subcommand = string.match(name, '^([^|]+)|?(.*)$')
  if subcommand ~= '' then return may(command, subcommand, lock) end
  if string.sub(command, 1, 4) == 'eval' then return may(command, '', '0') end
  if command == 'publish' then return true end -- its channel is a rule of its own
  return may(command, lock, lock, lock)
end

-- Returns the error to return for the first of some rules that the user lacks, nil if the user has them all.
-- The rules are words of ACL SETUSER with spaces between them: +command, +command|subcommand, ~key, %R~key, &channel.
-- `lock` is a key that the user may write. A script is not undone if a later command of it is refused, so it asks for all
-- permissions before its first write. Before Redis 7 there is no way to ask. Cost: about 1 µs a rule.
local function missing_permission(rules, lock)
  if not redis.acl_check_cmd then return nil end
  for rule in string.gmatch(rules, '%S+') do
    local kind = string.match(rule, '^%%R~') or string.sub(rule, 1, 1)
    local name = string.sub(rule, #kind + 1)
    local has = has_rule(kind, name, lock)
    if has == nil then return redis.error_reply('ERR this server does not have the command ' .. name) end
    if not has then return redis.error_reply('NOPERM this user has no permission to ' .. ACTIONS[kind] .. name) end
  end
  return nil
end
