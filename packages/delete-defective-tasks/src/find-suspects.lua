-- One page of the search for tasks that are not surely sound. What is sound is decided here only where it is plain to
-- see; all else is handed out, to be judged by the schema.
-- KEYS      none: SCAN names them
-- ARGV[1]   cursor, '0' to begin
-- ARGV[2]   COUNT, how many keys of any name to look at
-- ARGV[3]   how many bytes of a value to hand out
-- ARGV[4…]  the judged fields: task_id, state, created_at, more dates, then two numbers
-- Returns   { next cursor, all task keys of the page packed, how many, suspects }
--           suspects: { place, fingerprint, values… } of a task, { place, fingerprint, { type } } of what is no hash

--- @include "@atf/core/redis/pack-keys"
--- @include "@atf/core/redis/judged-values"

local cursor, count, bytes = ARGV[1], ARGV[2], tonumber(ARGV[3])
local fields = {}
for i = 4, #ARGV do fields[#fields + 1] = ARGV[i] end
local first_date, last_date = 3, #fields - 2
local find, sub, byte = string.find, string.sub, string.byte

local STATES = { PENDING = true, ACTIVE = true, COMPLETED = true, FAILED = true, SCHEDULED = true, DLQ = true }
-- 29 February is left to the schema.
local DAYS_OF_MONTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
local SECONDS = '^T%d%d:%d%d:%d%d$'
local MICROSECONDS = '^T%d%d:%d%d:%d%d%.%d%d%d%d%d%d$'

-- What a page's tasks have in common is looked at once: there are few days and few numbers among them.
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

local function is_plain_date(text)
  local day = sub(text, 1, 10)
  local plain = plain_days[day]
  if plain == nil then plain = look_at_day(day) end
  if not plain or not find(text, #text == 26 and MICROSECONDS or SECONDS, 11) then return false end
  local hour_tens, hour_ones, _, minute_tens, _, _, second_tens = byte(text, 12, 18)
  return minute_tens < 54 and second_tens < 54 and (hour_tens < 50 or (hour_tens == 50 and hour_ones < 52))
end

local function plainly_sound(key, values)
  local id, created, updated = values[1], values[3], values[4]
  if not id or id == '' or id == 'unknown_id' then return false end
  if #id ~= #key - 5 or not find(key, id, 6, true) then return false end
  if not STATES[values[2]] or not created or created == '' then return false end
  for i = first_date, last_date do
    local date = values[i]
    -- A finished task has the date of its last change twice.
    if date and date ~= '' and (date ~= updated or i == 4) and not is_plain_date(date) then return false end
  end
  for i = last_date + 1, #fields do
    local number = values[i]
    if not number or not (plain_numbers[number] or look_at_number(number)) then return false end
  end
  return true
end

local function handed_out(place, key, values, foreign_type)
  local suspect = { place, fingerprint(values, foreign_type) }
  if foreign_type then
    suspect[3] = { foreign_type }
    return suspect
  end
  for i = 1, #fields do
    -- An id as long as the key's is handed out whole: see suspect.ts.
    local length = i == 1 and math.max(bytes, #key) or bytes
    suspect[i + 2] = values[i] and sub(values[i], 1, length)
  end
  return suspect
end

local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', count)
local keys, suspects = page[2], {}
for place = 1, #keys do
  local key = keys[place]
  local values, foreign_type = judged_values(key, fields)
  if not values or not plainly_sound(key, values) then
    suspects[#suspects + 1] = handed_out(place, key, values, foreign_type)
  end
end
return { page[1], pack_keys(keys), #keys, suspects }
