-- Include: whether the user has the permissions that a tool names.

local ACTIONS = { ['+'] = 'run ', ['&'] = 'publish to the channel ', ['~'] = 'read and write the key ', ['%R~'] = 'read the key ' }

local function is_denied(kind, name, lock)
  if kind == '&' then return not redis.acl_check_cmd('PUBLISH', name, '') end
  if kind == '~' then return not redis.acl_check_cmd('EVALSHA', '', '1', name) end
  if kind == '%R~' then
    return redis.acl_check_cmd('EVALSHA_RO', '', '0') and not redis.acl_check_cmd('EVALSHA_RO', '', '1', name)
  end
  local command, subcommand = string.match(name, '^([^|]+)|?(.*)$')
  if subcommand ~= '' then return not redis.acl_check_cmd(command, subcommand, lock) end
  if string.sub(command, 1, 4) == 'eval' then return not redis.acl_check_cmd(command, '', '0') end
  if command == 'publish' then return false end -- its channel is a rule of its own
  return not redis.acl_check_cmd(command, lock, lock, lock)
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
    if is_denied(kind, name, lock) then
      return redis.error_reply('NOPERM this user has no permission to ' .. ACTIONS[kind] .. name)
    end
  end
  return nil
end
