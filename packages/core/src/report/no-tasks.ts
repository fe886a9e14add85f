import { describeTarget } from '../redis/target.js';
import type { TargetDescription } from '../redis/target-schema.js';

/** A warning if a database has no task, because it is probably the wrong one. Else no lines. */
export function noTasksLines(totalTasks: number, target: TargetDescription | null): string[] {
  return nothingLines(totalTasks, 'task', target);
}

/** A warning if a database has no key at all. Else no lines. */
export function emptyDatabaseLines(keys: number, target: TargetDescription | null): string[] {
  return nothingLines(keys, 'key', target);
}

function nothingLines(count: number, noun: string, target: TargetDescription | null): string[] {
  if (count > 0) return [];
  const where = target ? describeTarget(target) : 'this database';
  return [`⚠️  No ${noun} in ${where}: if there should be some, check host, port and database number.`];
}
