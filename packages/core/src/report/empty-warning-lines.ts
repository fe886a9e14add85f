import { describeTarget } from '../redis/target.js';
import type { TargetDescription } from '../redis/target-schema.js';

/** A warning if a database has no task, or no key at all, because it is probably the wrong one. Else no lines. */
export function emptyWarningLines(
  count: number,
  noun: 'task' | 'key',
  target: TargetDescription | null,
): string[] {
  if (count > 0) return [];
  const where = target ? describeTarget(target) : 'this database';
  return [`⚠️  No ${noun} in ${where}: if there should be some, check host, port and database number.`];
}
