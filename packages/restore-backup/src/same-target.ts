import { parseRedisUrl, type TargetDescription } from '@atf/core';

/** True if a backup was taken from the database that this run works on. `source` is the target in its header. Pure. */
export function isSameTarget(source: string, { host, port, database }: TargetDescription): boolean {
  try {
    const { description } = parseRedisUrl(source);
    return description.host === host && description.port === port && description.database === database;
  } catch {
    return false;
  }
}
