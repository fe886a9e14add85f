-- Some pages of the scan over the results of Celery's result backend; deletes each that it finds. Under the lock:
-- see under-lock.lua.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name a page looks at
-- ARGV[3]  how many pages
-- ARGV[4]  glob of the results' keys
-- ARGV[5]  number of this database
-- ARGV[6]  of how many results to measure the memory
-- Returns  { next cursor ('0' at the end), deleted, those of them that would have expired, bytes measured, keys measured, those
--          deleted that were STARTED, those that were RETRY }

--- @include "@atf/core/redis/under-lock"
--- @include "./result-values"

local cursor, count, page_count, glob = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local database, measurable = ARGV[5], tonumber(ARGV[6])
local UNPACKABLE = 500

-- How many keys of the database expire, by INFO: a PTTL for each key would cost a fifth of the whole time. Returns nil if
-- INFO is forbidden or describes another database.
local function count_expiring()
  local info = redis.pcall('INFO', 'keyspace')
  if type(info) ~= 'string' then return nil end
  local size, expiring = string.match(info, 'db' .. database .. ':keys=(%d+),expires=(%d+)')
  if tonumber(size or 0) ~= redis.call('DBSIZE') then return nil end
  return tonumber(expiring or 0)
end

local pages = {}
for i = 1, page_count do
  local page = redis.call('SCAN', cursor, 'MATCH', glob, 'COUNT', count, 'TYPE', 'string')
  cursor, pages[i] = page[1], page[2]
  if cursor == '0' then break end
end

local expiring_before, expiring = count_expiring(), 0
local bytes, measured = 0, 0
local unfinished = { STARTED = 0, RETRY = 0 }
for _, keys in ipairs(pages) do
  for i = 1, #keys do
    local status = status_of(keys[i])
    if unfinished[status] then unfinished[status] = unfinished[status] + 1 end
    if not expiring_before and redis.call('PTTL', keys[i]) >= 0 then expiring = expiring + 1 end
    if measurable > 0 then
      local taken = memory_of(keys[i])
      if taken > 0 then bytes, measured = bytes + taken, measured + 1 end
      measurable = measurable - 1
    end
  end
end

local deleted = 0
for _, keys in ipairs(pages) do
  for from = 1, #keys, UNPACKABLE do
    deleted = deleted + redis.call('UNLINK', unpack(keys, from, math.min(from + UNPACKABLE - 1, #keys)))
  end
end
if expiring_before then expiring = expiring_before - count_expiring() end
return { cursor, deleted, expiring, bytes, measured, unfinished.STARTED, unfinished.RETRY }
