-- Head of a script that writes under the maintenance lock, behind lock-lost.lua: where the lock is lost nothing is done.
-- Takes off the last key, the lock's, and the last argument, what its holder wrote there: what follows sees KEYS and ARGV
-- without them.

do
  local lost = lock_lost(table.remove(KEYS), table.remove(ARGV))
  if lost then return lost end
end
