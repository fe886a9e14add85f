-- One page of the scan over the whole database.
-- KEYS     none: SCAN names them
-- ARGV[1]  cursor, '0' to begin
-- ARGV[2]  COUNT, how many keys to look at
-- ARGV[3…] the kinds, see key-classes.lua
-- Returns  { next cursor ('0' at the end), keys, a letter for each in one string }
--          letters: A for the first kind, B for the second and so on, o of a kind's name but of another type, f unrelated,
--          - no such key any more

--- @include "./key-classes"

local page = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local class_of, letters = read_kinds(3), {}
local LETTERS = { ['wrong type'] = 'o', unrelated = 'f', gone = '-' }
for i, key in ipairs(page[2]) do
  local class = class_of(key)
  letters[i] = LETTERS[class] or string.char(64 + class)
end
return { page[1], page[2], table.concat(letters) }
