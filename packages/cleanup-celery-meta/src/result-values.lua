-- Include: reads Celery's results in steps that other clients do not notice.

-- A larger value is not parsed here: to parse or hash megabytes takes tens of milliseconds.
local PARSED_BYTES = 65536

-- Returns what a value says as JSON; an empty table if it is not a JSON object.
local function decoded(value)
  local readable, result = pcall(cjson.decode, value)
  return readable and type(result) == 'table' and result or {}
end

-- Results mostly begin alike: each beginning is looked at once.
local status_of_beginning = {}

-- Returns the state of a result. Celery writes it first, so that the beginning of a value is enough as a rule. `beginning` may
-- be absent.
local function status_of(key, beginning)
  beginning = beginning or redis.call('GETRANGE', key, 0, 31)
  local status = status_of_beginning[beginning] or string.match(beginning, '^{"status": ?"(%u+)"')
  if status then
    status_of_beginning[beginning] = status
    return status
  end
  if redis.call('STRLEN', key) > PARSED_BYTES then return nil end
  return decoded(redis.call('GET', key)).status
end

-- Returns a hash by which a value is known again: of the whole value, or of the length and both ends of a larger one. A result
-- that Celery writes again differs there: its state is at the beginning, and its date near the end. `value` may be absent.
local function value_hash(key, length, value)
  if length <= PARSED_BYTES then return redis.sha1hex(value or redis.call('GET', key)) end
  local half = PARSED_BYTES / 2
  return redis.sha1hex(length .. redis.call('GETRANGE', key, 0, half - 1) .. redis.call('GETRANGE', key, -half, -1))
end

-- Returns how many bytes a key takes; 0 if nobody may ask.
local function memory_of(key)
  local bytes = redis.pcall('MEMORY', 'USAGE', key)
  return type(bytes) == 'number' and bytes or 0
end

-- Returns the length of a string; nil for a key that is not a string any more.
local function length_of(key)
  if redis.call('TYPE', key).ok ~= 'string' then return nil end
  return redis.call('STRLEN', key)
end
