-- Scans one page for results of Celery's result backend, and deletes each result. Under the lock: see under-lock.lua.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys of any name to scan
-- ARGV[3]  glob of the results' keys
-- ARGV[4]  number of this database
-- ARGV[5]  how many results to measure
-- Returns  { next cursor ('0' at the end), changes that the server had counted before this step, the second of its last save (both
--          -1 if unknown), results deleted, how many of them had an expiry, bytes measured, results measured, how many of the
--          deleted were STARTED, how many RETRY, keys with a result's name that are not a string }

--- @include "@atf/core/redis/under-lock"
--- @include "@atf/core/redis/count-changes"
--- @include "./result-values"

local cursor, count, glob, database, measurable = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local UNPACKABLE = 500

-- Returns how many keys of the database have an expiry, by INFO: a PTTL for each key would cost a fifth of the whole time. Returns
-- nil if INFO is forbidden or describes another database.
local function count_expiring()
  local info = info_of('keyspace')
  if info == '' then return nil end
  local size, expiring = string.match(info, 'db' .. database .. ':keys=(%d+),expires=(%d+)')
  if tonumber(size or 0) ~= redis.call('DBSIZE') then return nil end
  return tonumber(expiring or 0)
end

-- Returns false for an error because the key is not a string; ends the script with any other error.
local function is_string(beginning, key)
  if type(beginning) == 'string' then return true end
  if not string.find(beginning.err, 'WRONGTYPE', 1, true) then redis.call('GETRANGE', key, '0', '31') end
  return false
end

local changes, saved_at = count_changes()
local expiring_before, expiring = count_expiring(), 0
local results, found, not_strings = {}, 0, 0
local unfinished = { STARTED = 0, RETRY = 0 }

local page = redis.call('SCAN', cursor, 'MATCH', glob, 'COUNT', count)
local keys, known, call = page[2], status_of_beginning, redis.pcall
for i = 1, #keys do
  local key = keys[i]
  local beginning = call('GETRANGE', key, '0', '31')
  local status = known[beginning] -- Most beginnings are known, and need no function call.
  if not status and not is_string(beginning, key) then
    not_strings = not_strings + 1
  else
    found = found + 1
    results[found] = key
    status = status or status_of(key, beginning)
    if unfinished[status] then unfinished[status] = unfinished[status] + 1 end
  end
end

local bytes, measured = 0, 0
for i = 1, math.min(measurable, found) do
  local taken = memory_of(results[i])
  if taken > 0 then bytes, measured = bytes + taken, measured + 1 end
end
if not expiring_before then
  for i = 1, found do
    if redis.call('PTTL', results[i]) >= 0 then expiring = expiring + 1 end
  end
end

local deleted = 0
for from = 1, found, UNPACKABLE do
  deleted = deleted + redis.call('UNLINK', unpack(results, from, math.min(from + UNPACKABLE - 1, found)))
end
if expiring_before then expiring = expiring_before - count_expiring() end
return {
  page[1], changes, saved_at,
  deleted, expiring, bytes, measured, unfinished.STARTED, unfinished.RETRY, not_strings,
}
