-- Shared head of the scripts that move state counters along with tasks.

-- True where the counter is one that can be moved: it exists, and is an integer of 18 characters at the most.
local function is_counting(counter)
  if not counter or redis.call('TYPE', counter).ok ~= 'string' then return false end
  local value = redis.call('GET', counter)
  if #value > 18 then return false end
  return value == '0' or string.find(value, '^%-?[1-9]%d*$') ~= nil
end
