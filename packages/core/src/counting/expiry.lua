-- Include for scripts that read tasks which may expire.

-- Returns the server's time in ms.
local function server_time()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Adds the index of a key and the time of its expiry, in ms, to a list. A key without an expiry adds nothing.
local function add_expiry(expiries, index, key, now)
  local left = redis.call('PTTL', key)
  if left >= 0 then
    expiries[#expiries + 1] = index - 1
    expiries[#expiries + 1] = now + left
  end
end
