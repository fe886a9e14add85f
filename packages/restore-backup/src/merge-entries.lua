-- Puts entries back into a list, each at its place from the tail. Others may have pushed and popped meanwhile. No entry is
-- taken away before the server has shown that it lets this user write them again. Under the lock (see under-lock.lua)
-- where it writes.
-- KEYS[1]      the list
-- KEYS[i + 1]  the task of entry i: without it the entry is left out
-- ARGV[1]      '1': write; '0': look only, and do not ask for the tasks
-- ARGV         for each entry, in ascending places: the element, its place from the tail (0: the last one), and which
--              occurrence of that element it is (1: the lowest place). It is added where fewer are in the list.
-- Returns      { put, there, without a task, '' }, or { 0, 0, 0, type } where the key is no list and was left alone


local key, writes = KEYS[1], ARGV[1] == '1'
local AT_ONCE = 5000 -- unpack is bounded by Lua's stack

local kind = redis.call('TYPE', key).ok
if kind ~= 'list' and kind ~= 'none' then return { 0, 0, 0, kind } end

local current = redis.call('LRANGE', key, 0, -1)
local occurrences = {}
for i = 2, #ARGV, 3 do
  occurrences[ARGV[i]] = 0
end
for i = 1, #current do
  local seen = occurrences[current[i]]
  if seen then occurrences[current[i]] = seen + 1 end
end

-- The end of the list as it will be, from the tail on; `taken` of it were there before.
local merged, taken = {}, 0
local put, there, taskless = 0, 0, 0
for i = 2, #ARGV, 3 do
  local element, place, occurrence = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  if writes and redis.call('EXISTS', KEYS[(i - 2) / 3 + 2]) == 0 then
    taskless = taskless + 1
  elseif occurrences[element] >= occurrence then
    there = there + 1
  else
    place = place - taskless
    while #merged < place and taken < #current do
      merged[#merged + 1] = current[#current - taken]
      taken = taken + 1
    end
    merged[#merged + 1] = element
    occurrences[element] = occurrences[element] + 1
    put = put + 1
  end
end

local function push_merged()
  for from = #merged, 1, -AT_ONCE do
    local batch = {}
    for i = from, math.max(from - AT_ONCE + 1, 1), -1 do
      batch[#batch + 1] = merged[i]
    end
    redis.call('RPUSH', key, unpack(batch))
  end
end

if writes and put > 0 then
  redis.call('LTRIM', key, 0, -1) -- changes nothing: where it is refused, nothing has been done
  if taken == #current then
    -- Nothing stays in front: the key, and its expiry, live on in what is pushed behind.
    push_merged()
    redis.call('LTRIM', key, taken, -1)
  else
    -- One entry more goes with those that are about to be written again: where that is refused, they are still there.
    redis.call('RPUSH', key, '')
    redis.call('LTRIM', key, 0, -(taken + 2))
    push_merged()
  end
end
return { put, there, taskless, '' }
