-- The floor of counting: nothing but looking at each task's state, at one go.
-- Returns  a number for each state, in no order

local counts, cursor = {}, '0'
repeat
  local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local state = redis.call('HGET', key, 'state') or ''
    counts[state] = (counts[state] or 0) + 1
  end
until cursor == '0'

local reply = {}
for state, count in pairs(counts) do reply[#reply + 1] = state .. ' ' .. count end
return reply
