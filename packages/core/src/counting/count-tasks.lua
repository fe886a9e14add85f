-- Counts all tasks and reads the state counters at one moment. It blocks every client for about 3 µs per task.
-- KEYS     the state counters
-- ARGV[1]  how many odd keys to name
-- ARGV[2]  the most keys of any name, and
-- ARGV[3]  the most bytes of their names: a larger database is not counted
-- Returns  { state counters, { letter, count, … }, odd keys, their letters in one string, labels of the letters u and x }, or
--          false if the database is larger

--- @include "@atf/core/redis/scan-page"
--- @include "./observed-state"
--- @include "./state-counter"

local nameable, most_keys, most_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if redis.call('DBSIZE') > most_keys then return false end

local totals, seen, bytes, cursor = {}, {}, 0, '0'
local odd, odd_letters, labels = {}, {}, {}
repeat
  local keys
  cursor, keys = scan_page(cursor, 'task:*', 1000)
  for _, key in ipairs(keys) do
    bytes = bytes + #key
    if bytes > most_bytes then return false end
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
