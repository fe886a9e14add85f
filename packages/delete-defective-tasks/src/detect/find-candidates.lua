-- One page of the search for tasks that may be wrong. A task that is plainly sound is passed over here, by the usual form of
-- each field. Every other task is a candidate: it is handed out, and the rules of the task schema judge it.
-- KEYS      none: SCAN names them
-- ARGV[1]   cursor, '0' to begin
-- ARGV[2]   COUNT, how many keys of any name to look at
-- ARGV[3]   how many bytes of a value to hand out
-- ARGV[4…]  FILTER_ARGUMENTS of core's task rules: number of states, the states, number of fields, and for each field its
--           name, its format (id, state, date, number) and required or optional; then the other fields of a task
-- Returns   { next cursor, all task keys of the page packed, how many, candidates }
--           candidates: { index, fingerprint, 1 if a live worker may write to it, values… } of a task,
--           { index, fingerprint, 0, { type or 'unrelated' } } of a key without a task

--- @include "@atf/core/redis/pack-keys"
--- @include "@atf/core/redis/take-arguments"
--- @include "../task-content"

local cursor, count, bytes = unpack(take(3))
local is_state, fields, formats, required = {}, {}, {}, {}
for _, state in ipairs(take(take_number())) do is_state[state] = true end
for i = 1, take_number() do
  local presence
  fields[i], formats[i], presence = unpack(take(3))
  required[i] = presence == 'required'
end
local other_fields = take_rest()
bytes = tonumber(bytes)
local find, sub, byte = string.find, string.sub, string.byte

-- The schema decides about 29 February.
local DAYS_OF_MONTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
local SECONDS = '^T%d%d:%d%d:%d%d$'
local MICROSECONDS = '^T%d%d:%d%d:%d%d%.%d%d%d%d%d%d$'

-- A page's tasks share few days and few numbers: each is looked at once.
local plain_days, plain_numbers = {}, {}

local function look_at_day(text)
  local month, day = string.match(text, '^[12]%d%d%d%-(%d%d)%-(%d%d)$')
  local days = DAYS_OF_MONTH[tonumber(month)]
  local plain = days ~= nil and tonumber(day) >= 1 and tonumber(day) <= days
  plain_days[text] = plain
  return plain
end

local function look_at_number(text)
  local plain = find(text, '^%d+$') ~= nil
  plain_numbers[text] = plain
  return plain
end

local last_date
local function is_plain_date(text)
  if text == last_date then return true end -- a finished task has the date of its last change twice
  local day = sub(text, 1, 10)
  local plain = plain_days[day]
  if plain == nil then plain = look_at_day(day) end
  if not plain or not find(text, #text == 26 and MICROSECONDS or SECONDS, 11) then return false end
  local hour_tens, hour_ones, _, minute_tens, _, _, second_tens = byte(text, 12, 18)
  if minute_tens >= 54 or second_tens >= 54 then return false end
  if hour_tens > 50 or (hour_tens == 50 and hour_ones > 51) then return false end
  last_date = text
  return true
end

local IS_PLAIN = {
  id = function(id, key) return id ~= 'unknown_id' and #id == #key - 5 and find(key, id, 6, true) ~= nil end,
  state = function(state) return is_state[state] end,
  date = is_plain_date,
  number = function(number) return plain_numbers[number] or look_at_number(number) end,
}
local is_plain = {}
for i, format in ipairs(formats) do is_plain[i] = IS_PLAIN[format] end

local function plainly_sound(key, values)
  for i = 1, #fields do
    local value = values[i]
    if not value or value == '' then
      if required[i] then return false end
    elseif not is_plain[i](value, key) then
      return false
    end
  end
  return true
end

local function candidate(index, key, values, wrong_type)
  if wrong_type then return { index, fingerprint(values, wrong_type), 0, { wrong_type } } end
  local state_at
  for i, format in ipairs(formats) do
    if format == 'state' then state_at = i end
  end
  local handed_out = { index, fingerprint(values), has_live_worker(key, values[state_at]) and 1 or 0 }
  for i = 1, #fields do
    -- An id as long as the key's is handed out whole: see candidate.ts.
    local length = formats[i] == 'id' and math.max(bytes, #key) or bytes
    handed_out[i + 3] = values[i] and sub(values[i], 1, length)
  end
  return handed_out
end

local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', count)
local keys, candidates = page[2], {}
for index = 1, #keys do
  local key = keys[index]
  local values, wrong_type = task_content(key, fields, other_fields)
  if not values or not plainly_sound(key, values) then
    candidates[#candidates + 1] = candidate(index, key, values, wrong_type)
  end
end
return { page[1], pack_keys(keys), #keys, candidates }
