import { reportSchema } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();

/** Schema of what `cleanup-celery-meta --json` prints. */
export const cleanupCeleryMetaReportSchema = reportSchema(
  'cleanup-celery-meta',
  z.strictObject({
    olderThanMs: z.int().positive().nullable(),
    found: count,
    expiring: count,
    persistent: count,
    selected: count,
    younger: count,
    undated: count,
    notStrings: count,
    notStringKeys: z.array(z.string()),
    samples: z.array(z.string()),
    memory: z.strictObject({ estimatedBytes: count, measured: count }).nullable(),
    deleted: count,
    changed: count,
    left: count.nullable(),
    backup: z.strictObject({ path: z.string(), records: count }).nullable(),
  }),
);
