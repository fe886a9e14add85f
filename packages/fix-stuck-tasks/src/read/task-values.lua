-- Include: reads the values that a repair is based on. Of a history, which may be large, it reads only the length. A program that
-- changes a history also changes a date.

--- @include "@atf/core/redis/judged-values"

-- As judged_values, with the lengths of the two histories behind the fields.
local function task_values(key, fields)
  local values, wrong_type = judged_values(key, fields)
  if values then
    values[#fields + 1] = redis.call('HSTRLEN', key, 'error_history')
    values[#fields + 2] = redis.call('HSTRLEN', key, 'state_history')
  end
  return values, wrong_type
end
