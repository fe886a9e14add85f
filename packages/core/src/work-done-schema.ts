import * as z from 'zod';
import { WORK_NOUNS, type WorkNoun } from './work-nouns.js';

/** Schema of what a run had written before it failed. */
export const workDoneSchema = z.strictObject({
  action: z.enum(['deleted', 'repaired', 'restored', 'written']),
  /** What Redis has confirmed. */
  counts: z.partialRecord(z.enum(Object.keys(WORK_NOUNS) as WorkNoun[]), z.int().nonnegative()),
  /** How many more changes commands without an answer may have made. */
  unconfirmed: z.int().nonnegative(),
});

/** What a run had written before it failed. */
export type WorkDone = z.output<typeof workDoneSchema>;
