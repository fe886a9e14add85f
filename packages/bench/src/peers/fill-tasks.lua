-- Writes completed tasks of few fields, and counts them in their counter.
-- ARGV[1]  number of the first    ARGV[2]  number of the last

local first, last = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = first, last do
  local id = string.format('%08x-0000-4000-8000-%012x', (i * 2654435761) % 4294967296, i)
  local time = '2026-11-20T10:00:00.000001'
  redis.call('HSET', 'task:' .. id, 'task_id', id, 'state', 'COMPLETED', 'content', 'c', 'created_at', time, 'updated_at', time)
end
redis.call('INCRBY', 'metrics:tasks:state:completed', last - first + 1)
