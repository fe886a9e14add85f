-- One page of the search for tasks that are not surely sound. What is sound is decided here only where it is plain to
-- see; all else is handed out, to be judged by the schema.
-- KEYS      none: SCAN names them
-- ARGV[1]   cursor, '0' to begin
-- ARGV[2]   COUNT, how many keys of any name to look at
-- ARGV[3]   how many bytes of a value to hand out
-- ARGV[4…]  the judged fields: task_id, state, created_at, more dates, then two numbers
-- Returns   { next cursor, all task keys of the page packed, a letter for each, suspects }
--           letters: s sound, q suspect, x no hash; suspects: { fingerprint, values… } for q, { fingerprint, type } for x

local cursor, count, bytes = ARGV[1], ARGV[2], tonumber(ARGV[3])
local fields = {}
for i = 4, #ARGV do fields[#fields + 1] = ARGV[i] end
local first_date, last_date = 3, #fields - 2
local find, sub, byte = string.find, string.sub, string.byte

local STATES = { PENDING = true, ACTIVE = true, COMPLETED = true, FAILED = true, SCHEDULED = true, DLQ = true }
-- 29 February is left to the schema.
local DAYS_OF_MONTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
local SECONDS = '^T[0-2]%d:[0-5]%d:[0-5]%d$'
local MICROSECONDS = '^T[0-2]%d:[0-5]%d:[0-5]%d%.%d%d%d%d%d%d$'

-- What a page's tasks have in common is looked at once: there are few days and few numbers among them.
local plain_days, plain_numbers = {}, {}

local function is_plain_day(text)
  local plain = plain_days[text]
  if plain == nil then
    local month, day = string.match(text, '^[12]%d%d%d%-(%d%d)%-(%d%d)$')
    local days = DAYS_OF_MONTH[tonumber(month)]
    plain = days ~= nil and tonumber(day) >= 1 and tonumber(day) <= days
    plain_days[text] = plain
  end
  return plain
end

local function is_plain_number(text)
  local plain = plain_numbers[text]
  if plain == nil then
    plain = find(text, '^%d+$') ~= nil
    plain_numbers[text] = plain
  end
  return plain
end

local function is_plain_date(text)
  if not is_plain_day(sub(text, 1, 10)) then return false end
  if not find(text, #text == 26 and MICROSECONDS or SECONDS, 11) then return false end
  local tens, ones = byte(text, 12, 13)
  return tens < 50 or ones < 52 -- up to 23
end

local function plainly_sound(key, values)
  local id, created = values[1], values[3]
  if not id or id == '' or id == 'unknown_id' or 'task:' .. id ~= key then return false end
  if not STATES[values[2]] or not created or created == '' then return false end
  for i = first_date, last_date do
    local date = values[i]
    if date and date ~= '' and not is_plain_date(date) then return false end
  end
  for i = last_date + 1, #fields do
    if not values[i] or not is_plain_number(values[i]) then return false end
  end
  return true
end

local function handed_out(values, foreign_type)
  local suspect = { fingerprint(values, foreign_type) }
  if foreign_type then
    suspect[2] = foreign_type
    return suspect
  end
  for i = 1, #fields do
    suspect[i + 1] = values[i] and string.sub(values[i], 1, bytes)
  end
  return suspect
end

local page = redis.call('SCAN', cursor, 'MATCH', 'task:*', 'COUNT', count)
local keys, letters, suspects = page[2], {}, {}
for i = 1, #keys do
  local values, foreign_type = judged_values(keys[i], fields)
  if values and plainly_sound(keys[i], values) then
    letters[i] = 's'
  else
    letters[i] = foreign_type and 'x' or 'q'
    suspects[#suspects + 1] = handed_out(values, foreign_type)
  end
end
return { page[1], pack_keys(keys), table.concat(letters), suspects }
