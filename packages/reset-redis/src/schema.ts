import { KEY_KINDS, reportSchema, TASK_STATES } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();
const kind = z.enum(KEY_KINDS.map(({ kind }) => kind));
const keyCount = { keys: count, estimatedBytes: count, measured: count };

const workers = z.strictObject({
  live: count,
  stale: count,
  named: z.array(z.strictObject({ id: z.string(), live: z.boolean(), ageSeconds: z.int().nullable() })),
});

const inspection = z.strictObject({
  kinds: z.array(z.strictObject({ kind, pattern: z.string(), ...keyCount })).length(KEY_KINDS.length),
  foreign: z.strictObject({
    ...keyCount,
    otherType: count,
    samples: z.array(z.strictObject({ key: z.string(), type: z.string() })),
  }),
  queues: z.array(z.strictObject({ key: z.string(), depth: count.nullable() })),
  tasks: z
    .strictObject({ states: z.record(z.enum(TASK_STATES), count), unknownState: count, missingState: count })
    .nullable(),
});

const deletion = z.strictObject({
  how: z.enum(['own-keys', 'flush', 'saved-keys']),
  deleted: count,
  kinds: z.array(z.strictObject({ kind, keys: count })).nullable(),
  changed: count,
  left: count.nullable(),
  foreignKept: count.nullable(),
  backup: z.strictObject({ path: z.string(), records: count }).nullable(),
});

/** Schema of what `reset-redis --json` prints. */
export const resetRedisReportSchema = reportSchema(
  'reset-redis',
  z.strictObject({
    scope: z.enum(['app', 'db']),
    confirmed: z.boolean(),
    refused: z.boolean(),
    keys: count,
    workers,
    inspection: inspection.nullable(),
    selected: count.nullable(),
    deletion: deletion.nullable(),
  }),
);
