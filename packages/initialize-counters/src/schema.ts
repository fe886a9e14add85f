import { counterResultShape, reportSchema } from '@atf/core';
import * as z from 'zod';

const resultSchema = z.strictObject({
  ...counterResultShape,
  /** How many counters did not exist. */
  missing: z.int().nonnegative(),
  /** How many counters existed and were wrong. */
  wrong: z.int().nonnegative(),
  /** How many counters were written: created or corrected. */
  written: z.int().nonnegative(),
});
export type InitializeCountersResult = z.output<typeof resultSchema>;

/** Schema of what `initialize-counters --json` prints. */
export const initializeCountersReportSchema = reportSchema('initialize-counters', resultSchema);
