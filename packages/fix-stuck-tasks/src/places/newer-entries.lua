-- Include: what came to a list since it was looked at.

-- Returns the entries nearer to the head than the anchor, an entry that stood at a known place from the tail (-1: no
-- anchor, all entries); nil where the anchor is not there any more, or where more entries came than `most`.
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
