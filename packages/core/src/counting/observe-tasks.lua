-- Some tasks and the state counters, all at one moment.
-- KEYS[1..6]  the state counters
-- ARGV        task keys, at most some hundreds
-- Returns     { counters, letters of the tasks in one string, labels of the letters u and x in order }

--- @include "./observed-state"
--- @include "./state-counter"

local letters, labels = {}, {}
for i = 1, #ARGV do
  local letter, label = observed_state(ARGV[i])
  letters[i] = letter
  if label then labels[#labels + 1] = label end
end
return { read_counters(KEYS), table.concat(letters), labels }
