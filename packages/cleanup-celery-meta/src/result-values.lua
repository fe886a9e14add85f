-- Include: reads Celery's results in steps that other clients do not notice.

-- A larger value is not parsed here: to parse or hash megabytes takes tens of milliseconds.
local PARSED_BYTES = 65536

-- Returns the JSON object of a value as a table; an empty table if the value is not a JSON object.
local function decoded(value)
  local readable, result = pcall(cjson.decode, value)
  return readable and type(result) == 'table' and result or {}
end

-- Most results have the same beginning. Each beginning is matched once.
local status_of_beginning = {}

-- Returns the state of a result. Celery writes the state first, so the beginning of a value is usually enough. `beginning` may be
-- absent. Positions are strings here and in the sweep, because Redis formats numbers by printf: the call would take twice as long.
local function status_of(key, beginning)
  beginning = beginning or redis.call('GETRANGE', key, '0', '31')
  local status = status_of_beginning[beginning] or string.match(beginning, '^{"status": ?"(%u+)"')
  if status then
    status_of_beginning[beginning] = status
    return status
  end
  if redis.call('STRLEN', key) > PARSED_BYTES then return nil end
  return decoded(redis.call('GET', key)).status
end

-- Returns a hash that shows whether a value has changed: of the whole value, or of the length and both ends of a larger value. If
-- Celery writes a result again, these differ: the state is at the beginning, and the date near the end. `value` may be absent.
local function value_hash(key, length, value)
  if length <= PARSED_BYTES then return redis.sha1hex(value or redis.call('GET', key)) end
  local half = PARSED_BYTES / 2
  return redis.sha1hex(length .. redis.call('GETRANGE', key, 0, half - 1) .. redis.call('GETRANGE', key, -half, -1))
end

-- Returns how many bytes a key takes; 0 if MEMORY USAGE is refused.
local function memory_of(key)
  local bytes = redis.pcall('MEMORY', 'USAGE', key)
  return type(bytes) == 'number' and bytes or 0
end

-- Returns the length of a string; nil if the key is no longer a string.
local function length_of(key)
  if redis.call('TYPE', key).ok ~= 'string' then return nil end
  return redis.call('STRLEN', key)
end
