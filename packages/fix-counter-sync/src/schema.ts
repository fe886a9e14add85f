import { reportedCounterSchema, reportedOddKeysSchema, reportSchema } from '@atf/core';
import * as z from 'zod';

/** Schema of what `fix-counter-sync --json` prints. */
export const fixCounterSyncReportSchema = reportSchema(
  'fix-counter-sync',
  z.strictObject({
    totalTasks: z.int().nonnegative(),
    counters: z.array(reportedCounterSchema).length(6),
    discrepancies: z.int().nonnegative(),
    fixed: z.int().nonnegative(),
    verified: z.boolean(),
    oddKeys: reportedOddKeysSchema,
  }),
);
