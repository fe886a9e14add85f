-- Include of the scripts that change state counters by an amount.

-- True for what a counter may hold to be changed so: an integer of 18 characters at the most, which cannot overflow.
local function is_countable(value)
  return value == '0' or (#value <= 18 and string.find(value, '^%-?[1-9]%d*$') ~= nil)
end

-- True where the counter exists and holds such a number.
local function is_counting(counter)
  if not counter or redis.call('TYPE', counter).ok ~= 'string' then return false end
  return is_countable(redis.call('GET', counter))
end
