-- Counts all tasks and reads the state counters at one moment. It blocks every client for about 3 µs per task.
-- KEYS[1..6]  the state counters
-- ARGV[1]     how many odd keys to name
-- Returns     { counters, { letter, count, … }, odd keys, their letters in one string, labels of the letters u and x }

--- @include "./observed-state"
--- @include "./state-counter"

local nameable = tonumber(ARGV[1])

local totals, seen, cursor = {}, {}, '0'
local odd, odd_letters, labels = {}, {}, {}
repeat
  local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    if not seen[key] then
      seen[key] = true
      local letter, label = observed_state(key)
      totals[letter] = (totals[letter] or 0) + 1
      if (label or letter == 'm') and #odd < nameable then
        odd[#odd + 1], odd_letters[#odd_letters + 1] = key, letter
        if label then labels[#labels + 1] = label end
      end
    end
  end
until cursor == '0'

local counts = {}
for letter, count in pairs(totals) do
  counts[#counts + 1], counts[#counts + 2] = letter, count
end
return { read_counters(KEYS), counts, odd, table.concat(odd_letters), labels }
