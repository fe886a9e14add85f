import { counterResultShape, reportSchema } from '@atf/core';
import * as z from 'zod';

const resultSchema = z.strictObject({
  ...counterResultShape,
  /** False: none of the six counters exists. Then there is nothing to synchronize. */
  keepsCounters: z.boolean(),
  /** How many counters were wrong. A counter that became wrong again during the run counts again. */
  discrepancies: z.int().nonnegative(),
  /** How many of them were written. */
  fixed: z.int().nonnegative(),
});
export type FixCounterSyncResult = z.output<typeof resultSchema>;

/** Schema of what `fix-counter-sync --json` prints. */
export const fixCounterSyncReportSchema = reportSchema('fix-counter-sync', resultSchema);
