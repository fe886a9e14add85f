-- Changes state counters, all of them or none. Under the lock: see under-lock.lua.
-- KEYS     the counters to change
-- ARGV     three for each counter: 'add', amount, ''       the counter must be missing or valid
--                                  'set', value, current   the counter must be exactly `current`
-- Returns  0 if all counters were written. Otherwise nothing was written, and it returns the index of the first counter
--          that is not as it must be.

--- @include "@atf/core/redis/under-lock"
--- @include "./state-counter"

local commands = {}
for i = 1, #KEYS do
  local key, how, amount, current = KEYS[i], ARGV[i * 3 - 2], ARGV[i * 3 - 1], ARGV[i * 3]
  local kind, value = unpack(read_counter(key))
  if how == 'set' and not (kind == 'text' and value == current) then return i end
  if how == 'add' and kind ~= 'missing' and kind ~= 'integer' then return i end
  commands[i] = { how == 'set' and 'SET' or 'INCRBY', key, amount }
end

for _, command in ipairs(commands) do redis.call(unpack(command)) end
return 0
