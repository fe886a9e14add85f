-- A page of Celery's messages.
-- KEYS[1]  a list of messages, or the hash of those that workers have taken
-- ARGV[1]  where the page starts: how many entries from the tail of the list, or a cursor of the hash; '0' to begin
-- ARGV[2]  how many messages
-- Returns  { where the next page starts ('0' at the end), entries or fields, values of the fields }; no entries if the key has
--          another type

local key, at, count = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local kind = redis.call('TYPE', key).ok
if kind == 'list' then
  local entries = redis.call('LRANGE', key, -at - count, -at - 1)
  return { #entries < count and '0' or tostring(at + count), entries, {} }
end
if kind ~= 'hash' then return { '0', {}, {} } end
local page = redis.call('HSCAN', key, ARGV[1], 'COUNT', count)
local fields, values = {}, {}
for i = 1, #page[2], 2 do
  fields[#fields + 1] = page[2][i]
  values[#values + 1] = page[2][i + 1]
end
return { page[1], fields, values }
