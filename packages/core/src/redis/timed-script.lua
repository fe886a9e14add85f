-- Measures how long the server works on a script. The script replaces the line that names it.
-- Returns  { microseconds, what the script returns }, or the error that the script returns. It is -1 microsecond if the
--          server cannot tell.

-- Since Redis 7.2 TIME does not advance during a script. Newer servers have os.clock instead; older ones know no `os`.
local knows_clock, clock = pcall(function() return os.clock end)
local function microseconds()
  if knows_clock and clock then return math.floor(clock() * 1000000) end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local began = microseconds()
local function run_script()
  --- @script
end
local reply = run_script()
local took = microseconds() - began
if type(reply) == 'table' and reply.err then return reply end
return { took > 0 and took or -1, reply }
