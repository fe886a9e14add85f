-- Include: what a repair is based on. A history is represented by its length: it may be large, and who
-- writes one writes a date as well.

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
