-- One page of the scan over the whole database, which deletes the keys that only AsyncTaskFlow uses. Under the lock: see
-- under-lock.lua.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys to look at
-- ARGV[3…] the kinds, see key-classes.lua
-- Returns  { next cursor ('0' at the end), how many were deleted of each kind }

--- @include "@atf/core/redis/under-lock"
--- @include "./key-classes"

local UNPACKABLE = 500

local page = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local class_of, shared = read_kinds(3)
local own, deleted = {}, {}
for kind = 1, tonumber(ARGV[3]) do deleted[kind] = 0 end
for _, key in ipairs(page[2]) do
  local class = class_of(key)
  if deleted[class] and not shared[class] then
    own[#own + 1] = key
    deleted[class] = deleted[class] + 1
  end
end

for from = 1, #own, UNPACKABLE do
  redis.call('UNLINK', unpack(own, from, math.min(from + UNPACKABLE - 1, #own)))
end
return { page[1], deleted }
