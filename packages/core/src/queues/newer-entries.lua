-- Include: what came to a list since it was read.

-- Returns the entries nearer to the head than the anchor, an entry at a known position from the tail (-1: no anchor, all
-- entries). Returns nil if the anchor is not there any more, or if more entries came than `most`.
local function newer_entries(list, anchor, from_tail, most)
  if redis.call('TYPE', list).ok ~= 'list' then
    if from_tail < 0 then return {} end
    return nil
  end
  local newer = redis.call('LLEN', list) - from_tail - 1
  if newer < 0 or newer > most then return nil end
  if from_tail >= 0 and redis.call('LINDEX', list, -1 - from_tail) ~= anchor then return nil end
  if newer == 0 then return {} end
  return redis.call('LRANGE', list, 0, newer - 1)
end
