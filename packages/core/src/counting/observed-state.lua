-- Include for scripts that read the states of tasks.
-- Cost: one HGET per key, and one or two calls more if there is no state to read. `content` and `result` are not read.

local LETTERS = { PENDING = 'P', ACTIVE = 'A', COMPLETED = 'C', FAILED = 'F', SCHEDULED = 'S', DLQ = 'D' }
local LABEL_BYTES = 64
local pcall = redis.pcall

-- Returns a letter and, for u and x, a label:
--   P A C F S D   the six states              m   a hash without a state
--   u  an unknown state (label: the state)    x   no hash (label: its type)
--   -  no such key
local function observed_state(key)
  local state = pcall('HGET', key, 'state')
  local letter = LETTERS[state]
  if letter then return letter end
  if type(state) == 'string' then
    if state == '' then return 'm' end
    return 'u', string.sub(state, 1, LABEL_BYTES)
  end
  if type(state) == 'table' then
    if not string.find(state.err, 'WRONGTYPE', 1, true) then redis.call('HGET', key, 'state') end
    return 'x', redis.call('TYPE', key).ok
  end
  if redis.call('EXISTS', key) == 0 then return '-' end
  return 'm'
end
