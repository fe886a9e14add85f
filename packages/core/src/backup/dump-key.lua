-- Reads one key as a backup keeps it.
-- KEYS[1]  the key
-- Returns  { dump, Unix time in ms at which it expires (-1: never), content hash }, or false if there is no such key

--- @include "./saved-key"

return saved_key(KEYS[1])
