-- Changes state counters, all of them or none. Under the lock: see under-lock.lua.
-- KEYS     the counters to change
-- ARGV     three for each counter: 'add', amount, ''       it must be missing or an integer of 18 characters at most
--                                  'set', value, current   it must be exactly `current`
-- Returns  0 where all was written, else the place of the first counter that is not as it must be; then nothing was written

local function addable(value)
  if not value then return true end
  if type(value) ~= 'string' or #value > 18 then return false end
  return value == '0' or string.match(value, '^%-?[1-9]%d*$') ~= nil
end

local commands = {}
for i = 1, #KEYS do
  local key, how, amount, current = KEYS[i], ARGV[i * 3 - 2], ARGV[i * 3 - 1], ARGV[i * 3]
  local value = read_counter(key)
  if how == 'set' and value ~= current then return i end
  if how == 'add' and not addable(value) then return i end
  commands[i] = { how == 'set' and 'SET' or 'INCRBY', key, amount }
end

local denied = denied_command(commands)
if denied then return denial(denied) end
for i = 1, #commands do redis.call(unpack(commands[i])) end
return 0
