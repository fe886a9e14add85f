-- Reads the fields of one task that a report shows.
-- KEYS[1]  the task's key
-- ARGV[1]  how many bytes of a value to show
-- ARGV[2]  the largest length, in bytes, of a content that is read
-- ARGV[3…] the fields to show
-- Returns  { length of the content, beginning of the content or false, values… }, or false if the key is not a hash

local bytes, readable = tonumber(ARGV[1]), tonumber(ARGV[2])
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return false end
local length = redis.call('HSTRLEN', KEYS[1], 'content')
local shown = { length, false }
if length <= readable then
  local content = redis.call('HGET', KEYS[1], 'content')
  shown[2] = content and string.sub(content, 1, bytes)
end
for i = 3, #ARGV do
  local value = redis.call('HSTRLEN', KEYS[1], ARGV[i]) <= readable and redis.call('HGET', KEYS[1], ARGV[i])
  shown[i] = value and string.sub(value, 1, bytes)
end
return shown
