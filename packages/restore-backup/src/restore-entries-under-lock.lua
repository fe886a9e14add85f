-- restore-entries.lua for a run that writes: it first checks the maintenance lock. KEYS, ARGV and Returns: see there.

--- @include "@atf/core/redis/under-lock"
--- @include "./restore-entries"
