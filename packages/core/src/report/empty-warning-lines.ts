import { describeTarget } from '../redis/target.js';
import type { TargetDescription } from '../redis/target-schema.js';

/** Warns of a database without tasks, or without keys: it is probably the wrong one. Otherwise no lines. */
export function emptyWarningLines(
  count: number,
  noun: 'task' | 'key',
  target: TargetDescription | null,
): string[] {
  if (count > 0) return [];
  const where = target ? describeTarget(target) : 'this database';
  return [`⚠️  No ${noun} in ${where}: if there should be some, check host, port and database number.`];
}
