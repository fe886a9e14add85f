-- Of each task and list a form that is the same for two runs of a tool which differ in their clock and their order only.
-- ARGV     fields of tasks to leave out
-- Returns  { key, form, … } in no order: of a task its other fields, of a list its entries sorted

local left_out = {}
for _, field in ipairs(ARGV) do left_out[field] = true end

local function form_of_task(key)
  local fields, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    if not left_out[flat[i]] then fields[#fields + 1] = cmsgpack.pack({ flat[i], flat[i + 1] }) end
  end
  table.sort(fields)
  return table.concat(fields)
end

local function form_of_list(key)
  local entries = redis.call('LRANGE', key, 0, -1)
  table.sort(entries)
  return cmsgpack.pack(entries)
end

local reply = {}
local function add(key, form) reply[#reply + 1], reply[#reply + 2] = key, redis.sha1hex(form) end
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'list' then add(key, form_of_list(key)) end
  if kind == 'hash' and string.sub(key, 1, 5) == 'task:' then add(key, form_of_task(key)) end
end
return reply
