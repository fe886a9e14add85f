-- Reads the histories of tasks, which are JSON arrays.
-- KEYS     none: the tasks' keys are arguments
-- ARGV[1]  the largest length, in bytes, of a history that is read
-- ARGV[2…] at most 10 keys of tasks
-- Returns  for each key its error_history and its state_history: the text, false if it is missing, or 1 if it is too large

local readable = tonumber(ARGV[1])
local found = {}
for i = 2, #ARGV do
  for _, field in ipairs({ 'error_history', 'state_history' }) do
    local is_hash = redis.call('TYPE', ARGV[i]).ok == 'hash'
    if is_hash and redis.call('HSTRLEN', ARGV[i], field) > readable then
      found[#found + 1] = 1
    else
      found[#found + 1] = is_hash and redis.call('HGET', ARGV[i], field)
    end
  end
end
return found
