-- Some tasks and the state counters, all at one moment.
-- KEYS     the state counters
-- ARGV     task keys, at most some hundreds
-- Returns  { state counters, letters of the tasks in one string, labels of the letters u and x in order,
--          { index from 0, time of expiry in ms, … }, the server's time in ms }

--- @include "./observed-state"
--- @include "./state-counter"
--- @include "./expiry"

local now = server_time()
local letters, labels, expiries = {}, {}, {}
for i = 1, #ARGV do
  local letter, label = observed_state(ARGV[i])
  letters[i] = letter
  if label then labels[#labels + 1] = label end
  add_expiry(expiries, i, ARGV[i], now)
end
return { read_counters(KEYS), table.concat(letters), labels, expiries, now }
