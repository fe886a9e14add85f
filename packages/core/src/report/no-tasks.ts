import { describeTarget } from '../redis/target.js';
import type { TargetDescription } from '../redis/target-schema.js';

/** A line where a database holds no task at all: as a rule it is the wrong one, and all would seem well. Else none. */
export function noTasksLines(totalTasks: number, target: TargetDescription | null): string[] {
  if (totalTasks > 0) return [];
  const where = target ? describeTarget(target) : 'this database';
  return [`⚠️  No task in ${where}: if there should be some, check host, port and database number.`];
}
