import * as z from 'zod';
import { TASK_STATES } from '../model/task-states.js';

/** Schema of {@link ReportedCounter}. */
export const reportedCounterSchema = z.strictObject({
  state: z.enum(TASK_STATES),
  key: z.string(),
  kind: z.enum(['missing', 'integer', 'text', 'wrong-type']),
  old: z.string().nullable(),
  new: z.int().nonnegative(),
  change: z.number().nullable(),
});

/** Schema of {@link ReportedOddKeys}. */
export const reportedOddKeysSchema = z.strictObject({
  unknownState: z.int().nonnegative(),
  missingState: z.int().nonnegative(),
  notAHash: z.int().nonnegative(),
  keys: z.array(
    z.strictObject({
      key: z.string(),
      observedState: z.enum(['unknown-state', 'missing-state', 'not-a-hash']),
      label: z.string(),
    }),
  ),
});
