import { reportSchema, TASK_STATES } from '@atf/core';
import * as z from 'zod';
import { PROBLEM_CODES } from './result.js';

const count = z.int().nonnegative();
const fates = z.strictObject({
  restored: count,
  replaced: count,
  there: count,
  left: count,
  expired: count,
  refused: count,
});

/** Schema of what `restore-backup --json` prints. */
export const restoreBackupReportSchema = reportSchema(
  'restore-backup',
  z.strictObject({
    backup: z.strictObject({
      file: z.string(),
      tool: z.string(),
      target: z.string(),
      createdAt: z.string(),
      redisVersion: z.string(),
      complete: z.boolean().nullable(),
    }),
    sameTarget: z.boolean(),
    olderServer: z.string().nullable(),
    records: count,
    fates: z.strictObject({ tasks: fates, copies: fates, members: fates, entries: fates, keys: fates }),
    counters: z.array(z.strictObject({ state: z.enum(TASK_STATES), change: z.int() })),
    problemCount: count,
    problems: z
      .array(
        z.strictObject({
          code: z.enum(PROBLEM_CODES),
          key: z.string(),
          detail: z.string().nullable(),
          score: z.strictObject({ member: z.string(), now: z.string(), backup: z.string() }).optional(),
        }),
      )
      .max(100),
  }),
);
