-- The floor of deleting Celery's results: finding and unlinking them, at one go.
-- Returns  how many were deleted

local deleted, cursor = 0, '0'
repeat
  local page = redis.call('SCAN', cursor, 'MATCH', 'celery-task-meta-*', 'COUNT', 1000)
  cursor = page[1]
  if #page[2] > 0 then deleted = deleted + redis.call('UNLINK', unpack(page[2])) end
until cursor == '0'
return deleted
