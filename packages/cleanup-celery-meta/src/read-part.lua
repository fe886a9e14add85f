-- Reads a part of a value.
-- KEYS[1]  the key
-- ARGV     the first and the last byte
-- Returns  the bytes; '' for a key of another type

local part = redis.pcall('GETRANGE', KEYS[1], ARGV[1], ARGV[2])
return type(part) == 'string' and part or ''
