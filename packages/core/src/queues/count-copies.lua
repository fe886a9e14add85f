-- How many copies of a message are in the broker at this moment, 3 at most for each queue.
-- KEYS     the queues
-- ARGV[1]  the message
-- ARGV[2]  what kombu knows it by
-- ARGV     further: the hashes of messages that workers have taken
-- Returns  the number

local message, tag = ARGV[1], ARGV[2]
local copies = 0
for _, queue in ipairs(KEYS) do
  if redis.call('TYPE', queue).ok == 'list' then
    copies = copies + #redis.call('LPOS', queue, message, 'COUNT', 3)
  end
end
for i = 3, #ARGV do
  if redis.call('TYPE', ARGV[i]).ok == 'hash' then copies = copies + redis.call('HEXISTS', ARGV[i], tag) end
end
return copies
