import { parseRedisUrl, type TargetDescription } from '@atf/core';

/** True if the URL in a backup names the database that this run works on. */
export function isSameTarget(source: string, target: TargetDescription): boolean {
  try {
    return addressOf(parseRedisUrl(source).description) === addressOf(target);
  } catch {
    return false;
  }
}

/** After a failover the same Sentinels name another server by the same name. That is still the same target. */
function addressOf({ host, port, database, socket, sentinel }: TargetDescription): string {
  if (sentinel) return JSON.stringify([[...sentinel.hosts].sort(), sentinel.master, database]);
  return JSON.stringify([socket ?? host, port, database]);
}
