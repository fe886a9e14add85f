import * as z from 'zod';
import { isWrongType, type Reconciliation } from '../counting/reconcile-counters.js';
import { tasksInCounts } from '../model/task-counts.js';
import type { TargetDescription } from '../redis/target-schema.js';
import { noTasksLines } from './no-tasks.js';
import { oddKeyLines, reportedOddKeys, reportedOddKeysSchema } from './odd-keys.js';
import { paragraph } from './paragraph.js';
import {
  counterTable,
  reportedCounter,
  reportedCounterSchema,
  wrongTypeCounterLines,
} from './reported-counters.js';

/** What every tool that repairs counters reports, as the shape of a zod object. */
export const counterResultShape = {
  /** All task hashes, with or without a known state. */
  totalTasks: z.int().nonnegative(),
  /** The six counters: as they were, and as the tasks are. */
  counters: z.array(reportedCounterSchema).length(6),
  /** True if the last exact look found nothing left to repair. */
  verified: z.boolean(),
  oddKeys: reportedOddKeysSchema,
};
const counterResultSchema = z.strictObject(counterResultShape);
export type CounterResult = z.output<typeof counterResultSchema>;

/** The common part of a report, and the number of counters that were written. */
export function counterResult({ snapshot, rows, wrong, written, verified }: Reconciliation): {
  result: CounterResult;
  written: number;
} {
  return {
    result: {
      totalTasks: tasksInCounts(snapshot.counts),
      counters: rows.map(reportedCounter),
      verified: verified || wrong.length === 0,
      oddKeys: reportedOddKeys(snapshot.counts, snapshot.oddKeys),
    },
    written: written ? wrong.filter((row) => !isWrongType(row)).length : 0,
  };
}

/** How a run that reconciled the counters ended. */
export function outcomeOfReconciliation({ wrong, written, stopped, verified }: Reconciliation) {
  if (wrong.length === 0) return 'clean';
  if (stopped) return 'stopped';
  if (!written) return 'found';
  return verified && !wrong.some(isWrongType) ? 'repaired' : 'partial';
}

/** The common lines of a report: the table of the counters and its warnings. */
export function counterLines(
  { totalTasks, counters, oddKeys }: CounterResult,
  { target, missingIsZero }: { target: TargetDescription | null; missingIsZero: boolean },
): string[] {
  return [
    '📈 Counter Values:',
    ...counterTable(counters, { missingIsZero }),
    ...paragraph(noTasksLines(totalTasks, target)),
    ...paragraph(oddKeyLines(oddKeys)),
    ...paragraph(wrongTypeCounterLines(counters)),
    '',
  ];
}

/** The line of a report whose writes were not verified. */
export const NOT_VERIFIED = '⚠️  Not verified: run it again to see whether all counters are right';
