import * as z from 'zod';
import { isWrongType } from '../counting/compare-counters.js';
import type { Reconciliation } from '../counting/reconcile-counters.js';
import { tasksInCounts } from '../model/task-counts.js';
import type { TargetDescription } from '../redis/target-schema.js';
import { emptyWarningLines } from './empty-warning-lines.js';
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
  /** Each write of the run, in its order. In a run that writes nothing: the writes that are needed. */
  changes: z.array(reportedCounterSchema),
  /** True if the last exact count found nothing left to write. */
  verified: z.boolean(),
  oddKeys: reportedOddKeysSchema,
};
const counterResultSchema = z.strictObject(counterResultShape);
export type CounterResult = z.output<typeof counterResultSchema>;

/** The common part of a report. */
export function counterResult({ snapshot, rows, wrong, verified }: Reconciliation): CounterResult {
  return {
    totalTasks: tasksInCounts(snapshot.counts),
    counters: rows.map(reportedCounter),
    changes: wrong.filter((row) => !isWrongType(row)).map(reportedCounter),
    verified,
    oddKeys: reportedOddKeys(snapshot.counts, snapshot.oddKeys),
  };
}

/** The common lines of a report: the table of the counters and its warnings. */
export function counterLines(
  { totalTasks, counters, oddKeys }: CounterResult,
  { target, missingIsZero }: { target: TargetDescription | null; missingIsZero: boolean },
): string[] {
  return [
    '📈 Counter Values:',
    ...counterTable(counters, { missingIsZero }),
    ...paragraph(emptyWarningLines(totalTasks, 'task', target)),
    ...paragraph(oddKeyLines(oddKeys)),
    ...paragraph(wrongTypeCounterLines(counters)),
    '',
  ];
}

/** The line of a report whose writes were not verified. */
export const NOT_VERIFIED = '⚠️  Not verified: run it again to see whether all counters are right';
