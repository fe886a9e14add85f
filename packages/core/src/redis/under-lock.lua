-- First include of a script that writes under the maintenance lock: if the lock is lost or a permission is missing, the
-- script ends before it does anything. Takes off the last key, the lock's, and the last two arguments, the lock's value and
-- the permissions: the script sees KEYS and ARGV without them.

--- @include "./lock-lost"
--- @include "./missing-permission"

do
  local lock, rules, value = table.remove(KEYS), table.remove(ARGV), table.remove(ARGV)
  local refusal = lock_lost(lock, value) or missing_permission(rules, lock)
  if refusal then return refusal end
end
