-- The entries of a list that are newer than an anchor.
-- KEYS[1]  the list
-- ARGV[1]  the anchor: an id
-- ARGV[2]  its position from the tail, -1: there is no anchor
-- ARGV[3]  how many entries to read at most
-- Returns  ids from head to tail; false if the anchor is gone or if there are more

--- @include "./newer-entries"

return newer_entries(KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])) or false
