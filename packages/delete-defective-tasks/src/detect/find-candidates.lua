-- Scans one page for tasks that may be wrong. It drops a task that is clearly sound, because all its fields have their usual
-- format. Every other task is a candidate: it is returned, and the rules of the task schema judge it.
-- KEYS      none: SCAN names them
-- ARGV[1]   cursor, '0' to begin
-- ARGV[2]   COUNT, how many keys of any name to scan
-- ARGV[3]   how many bytes of a value to return
-- ARGV[4…]  FILTER_ARGUMENTS of core's task rules: number of states, the states, number of fields, and for each field its
--           name, its format (id, state, date, number) and required or optional; then the other fields of a task
-- Returns   { next cursor, all task keys of the page packed, how many, candidates }
--           candidates: { index, fingerprint, 1 if a live worker may write to it, values… } of a task,
--           { index, fingerprint, 0, { type or 'unrelated' } } of a key without a task

--- @include "@atf/core/redis/pack-keys"
--- @include "@atf/core/redis/take-arguments"
--- @include "../task-content"

local cursor, count, bytes = unpack(take(3))
local is_state, fields, required = {}, {}, {}
-- The fields of one format follow each other: the index of the first and of the last.
local first, last = {}, {}
for _, state in ipairs(take(take_number())) do is_state[state] = true end
for i = 1, take_number() do
  local format, presence
  fields[i], format, presence = unpack(take(3))
  first[format], last[format] = first[format] or i, i
  required[i] = presence == 'required'
end
local other_fields = take_rest()
bytes = tonumber(bytes)
local id_at, state_at = first.id, first.state
local first_date, last_date, first_number, last_number = first.date, last.date, first.number, last.number
local find, sub, byte = string.find, string.sub, string.byte

-- The schema decides about 29 February.
local DAYS_OF_MONTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

-- A page's tasks share few days and few numbers. Each is checked once.
local plain_days, plain_numbers = {}, {}

local function check_day(text)
  local month, day = string.match(text, '^[12]%d%d%d%-(%d%d)%-(%d%d)$')
  local days = DAYS_OF_MONTH[tonumber(month)]
  local plain = days ~= nil and tonumber(day) >= 1 and tonumber(day) <= days
  plain_days[text] = plain
  return plain
end

local function check_number(text)
  local plain = find(text, '^%d+$') ~= nil
  plain_numbers[text] = plain
  return plain
end

-- True for YYYY-MM-DDTHH:MM:SS, with or without six digits of microseconds. Compares bytes, because a pattern takes longer:
-- 48 to 57 are the digits, 46 is a point, 58 a colon, 84 a T.
local function is_plain_date(text)
  local length, day = #text, sub(text, 1, 10)
  local plain = plain_days[day]
  if plain == nil then plain = check_day(day) end
  if not plain or (length ~= 26 and length ~= 19) then return false end
  local t, hour, h, colon, minute, m, colon2, second, s, point, a, b, c, d, e, f = byte(text, 11, 26)
  return t == 84 and colon == 58 and colon2 == 58
    and hour >= 48 and h >= 48 and (hour < 50 and h <= 57 or hour == 50 and h <= 51)
    and minute >= 48 and minute <= 53 and m >= 48 and m <= 57
    and second >= 48 and second <= 53 and s >= 48 and s <= 57
    and (length == 19 or point == 46 and a >= 48 and a <= 57 and b >= 48 and b <= 57 and c >= 48 and c <= 57
      and d >= 48 and d <= 57 and e >= 48 and e <= 57 and f >= 48 and f <= 57)
end

-- Most tasks have a date twice: a finished task that of its last change, a new one that of its creation.
local newest, second_newest

local function is_clearly_sound(key, values)
  local id = values[id_at]
  if not id or #id ~= #key - 5 or id == '' or id == 'unknown_id' or not find(key, id, 6, true) then return false end
  if not is_state[values[state_at]] then return false end
  for i = first_date, last_date do
    local date = values[i]
    if not date or date == '' then
      if required[i] then return false end
    elseif date ~= newest and date ~= second_newest then
      if not is_plain_date(date) then return false end
      newest, second_newest = date, newest
    end
  end
  for i = first_number, last_number do
    local number = values[i]
    if not number or not (plain_numbers[number] or check_number(number)) then return false end
  end
  return true
end

local function candidate_of(index, key, values, wrong_type)
  if wrong_type then return { index, fingerprint(values, wrong_type), 0, { wrong_type } } end
  local candidate = { index, fingerprint(values), has_live_worker(key, values[state_at]) and 1 or 0 }
  for i = 1, #fields do
    -- task_id is returned up to the length of the key's id, because whole ids are compared.
    local length = i == id_at and math.max(bytes, #key) or bytes
    candidate[i + 3] = values[i] and sub(values[i], 1, length)
  end
  return candidate
end

local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', count)
local keys, candidates = page[2], {}
for index = 1, #keys do
  local key = keys[index]
  local values, wrong_type = task_content(key, fields, other_fields)
  if not values or not is_clearly_sound(key, values) then
    candidates[#candidates + 1] = candidate_of(index, key, values, wrong_type)
  end
end
return { page[1], pack_keys(keys), #keys, candidates }
