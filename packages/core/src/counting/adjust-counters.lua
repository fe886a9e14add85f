-- Changes state counters, all of them or none. Under the lock: see under-lock.lua.
-- KEYS     the counters to change
-- ARGV     three for each counter: 'add', amount, ''       it must be missing or an integer of 18 characters at most
--                                  'set', value, current   it must be exactly `current`
-- Returns  0 where all was written, else the place of the first counter that is not as it must be; then nothing was written

--- @include "@atf/core/redis/under-lock"
--- @include "@atf/core/redis/denied-command"
--- @include "./is-counting"
--- @include "./counter-reading"

local function is_addable(value) return not value or (type(value) == 'string' and is_countable(value)) end

local commands = {}
for i = 1, #KEYS do
  local key, how, amount, current = KEYS[i], ARGV[i * 3 - 2], ARGV[i * 3 - 1], ARGV[i * 3]
  local value = read_counter(key)
  if how == 'set' and value ~= current then return i end
  if how == 'add' and not is_addable(value) then return i end
  commands[i] = { how == 'set' and 'SET' or 'INCRBY', key, amount }
end

return run_all(commands) or 0
