import { counterResultShape, reportSchema } from '@atf/core';
import * as z from 'zod';

const resultSchema = z.strictObject({
  ...counterResultShape,
  /** How many counters are wrong. */
  discrepancies: z.int().nonnegative(),
  /** How many of them were written. */
  fixed: z.int().nonnegative(),
});
export type FixCounterSyncResult = z.output<typeof resultSchema>;

/** Schema of what `fix-counter-sync --json` prints. */
export const fixCounterSyncReportSchema = reportSchema('fix-counter-sync', resultSchema);
