-- First include of a script that writes under the maintenance lock: if the lock is lost, the script ends before it does
-- anything. Takes off the last key, the lock's, and the last argument, the lock's value: the script sees KEYS and ARGV
-- without them.

--- @include "./lock-lost"

do
  local lost = lock_lost(table.remove(KEYS), table.remove(ARGV))
  if lost then return lost end
end
