-- Changes state counters, all of them or none.
-- KEYS[1]   the maintenance lock     KEYS[2…]  the counters to change
-- ARGV[1]   what the lock's holder wrote there
-- ARGV[2…]  three for each counter: 'add', amount, ''       it must be missing or an integer of 18 characters at most
--                                   'set', value, current   it must be exactly `current`
-- Returns 0 where all was written, -1 where the lock is not held, else the place of the first counter that is not as it
-- must be; then nothing was written

local function addable(value)
  if not value then return true end
  if type(value) ~= 'string' or #value > 18 then return false end
  return value == '0' or string.match(value, '^%-?[1-9]%d*$') ~= nil
end

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end

local commands = {}
for i = 1, #KEYS - 1 do
  local key, how, amount, current = KEYS[i + 1], ARGV[i * 3 - 1], ARGV[i * 3], ARGV[i * 3 + 1]
  local value = read_counter(key)
  if how == 'set' and value ~= current then return i end
  if how == 'add' and not addable(value) then return i end
  commands[i] = { how == 'set' and 'SET' or 'INCRBY', key, amount }
end

local denied = denied_command(commands)
if denied then return denial(denied) end
for i = 1, #commands do redis.call(unpack(commands[i])) end
return 0
