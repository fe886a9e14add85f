-- Measures how long the server works on a script. The script stands in the place of the line that names it.
-- Returns  { microseconds, what the script returns }, or the error that the script returns

local began = redis.call('TIME')
local function run_script()
  --- @script
end
local reply = run_script()
local ended = redis.call('TIME')
if type(reply) == 'table' and reply.err then return reply end
return { (ended[1] - began[1]) * 1000000 + ended[2] - began[2], reply }
