-- The types of some keys.
-- KEYS     the keys
-- Returns  the type of each; `none` for a key that does not exist

local types = {}
for i, key in ipairs(KEYS) do types[i] = redis.call('TYPE', key).ok end
return types
