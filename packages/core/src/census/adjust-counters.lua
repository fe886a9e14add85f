-- Changes state counters, all of them or none.
-- KEYS  the counters to change
-- ARGV  three for each counter: 'add', amount, ''       the counter must be missing or an integer of 18 characters at most
--                               'set', value, current   the counter must be exactly `current`
-- Returns 0 where all was written, else the place of the first counter that is not as it must be: nothing was written

local function addable(value)
  if not value then return true end
  if type(value) ~= 'string' or #value > 18 then return false end
  return value == '0' or string.match(value, '^%-?[1-9]%d*$') ~= nil
end

for i = 1, #KEYS do
  local how, current = ARGV[i * 3 - 2], ARGV[i * 3]
  local value = read_counter(KEYS[i])
  if how == 'set' and value ~= current then return i end
  if how == 'add' and not addable(value) then return i end
end

local function command(i)
  return ARGV[i * 3 - 2] == 'set' and 'SET' or 'INCRBY', KEYS[i], ARGV[i * 3 - 1]
end

-- A missing permission must show before the first write (Redis 7; older ones can't be asked).
for i = 1, #KEYS do
  if redis.acl_check_cmd and not redis.acl_check_cmd(command(i)) then
    return redis.error_reply("NOPERM this user has no permissions to run '" .. command(i) .. "' on " .. KEYS[i])
  end
end
for i = 1, #KEYS do redis.call(command(i)) end
return 0
