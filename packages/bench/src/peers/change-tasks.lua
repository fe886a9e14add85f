-- Sets one field of tasks that fill-tasks.lua has written.
-- ARGV[1]  number of the first    ARGV[2]  number of the last    ARGV[3]  the field    ARGV[4]  its value

local first, last, field, value = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4]
for i = first, last do
  local id = string.format('%08x-0000-4000-8000-%012x', (i * 2654435761) % 4294967296, i)
  redis.call('HSET', 'task:' .. id, field, value)
end
