-- Writes results as Celery's result backend leaves them.
-- ARGV[1]  number of the first    ARGV[2]  number of the last

local TEXT = '{"status": "SUCCESS", "result": {"task_id": "%08x-0000-4000-8000-000000000000", "status": "completed"}, '
  .. '"traceback": null, "children": [], "date_done": "2026-11-20T10:00:00.000000+00:00", "task_id": "%08x-0000-4000-9000-000000000000"}'
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  redis.call('SET', string.format('celery-task-meta-%08x-0000-4000-9000-000000000000', i), string.format(TEXT, i, i))
end
