import { reportedCounterSchema, reportedOddKeysSchema, reportSchema } from '@atf/core';
import * as z from 'zod';

/** Schema of what `initialize-counters --json` prints. */
export const initializeCountersReportSchema = reportSchema(
  'initialize-counters',
  z.strictObject({
    totalTasks: z.int().nonnegative(),
    counters: z.array(reportedCounterSchema).length(6),
    missing: z.int().nonnegative(),
    wrong: z.int().nonnegative(),
    written: z.int().nonnegative(),
    verified: z.boolean(),
    oddKeys: reportedOddKeysSchema,
  }),
);
