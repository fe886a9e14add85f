import { KEY_KINDS, reportSchema, TASK_STATES, workersSchema } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();
const kind = z.enum(KEY_KINDS.map(({ kind }) => kind));

/** Some keys and their memory, estimated from those that were measured; null if none could be measured. */
const keyCount = z.strictObject({ keys: count, estimatedBytes: count.nullable(), measured: count });

/** How many entries a queue has; null if its key is of another type. */
const queueDepth = z.strictObject({ key: z.string(), depth: count.nullable() });

const taskCounts = z.strictObject({
  states: z.record(z.enum(TASK_STATES), count),
  unknownState: count,
  missingState: count,
});

/** Keys of Celery that another program uses too, or may: they are kept. */
const shared = z.strictObject({
  keys: count,
  /** Messages in them of AsyncTaskFlow, which a reset removes, and of others. */
  ours: count,
  others: count,
  /** At most 20 of them. */
  named: z.array(z.strictObject({ key: z.string(), ours: count, others: count })),
});

const inspection = z.strictObject({
  kinds: z.array(keyCount.extend({ kind, pattern: z.string() })).length(KEY_KINDS.length),
  /** Keys that are not AsyncTaskFlow's. */
  unrelated: keyCount.extend({
    /** How many of them have a name of AsyncTaskFlow's, but a type that it does not write there. */
    wrongType: count,
    samples: z.array(z.strictObject({ key: z.string(), type: z.string() })),
  }),
  shared,
  queues: z.array(queueDepth),
  /** Null if they change too fast to be counted exactly. */
  tasks: taskCounts.nullable(),
});

const deletion = z.strictObject({
  /** AsyncTaskFlow's keys page by page, all keys by FLUSHDB, or those in the backup one by one. */
  how: z.enum(['own-keys', 'flush', 'saved-keys']),
  deleted: count,
  /** For each kind of which keys were deleted; null after a flush, which does not read keys. */
  kinds: z.array(z.strictObject({ kind, keys: count })).nullable(),
  /** Messages of AsyncTaskFlow that were removed from keys that other programs use as well. */
  messagesRemoved: count,
  /** Left alone because they changed since they were saved or read. */
  changed: count,
  /** Keys of the scope that the final check found, new ones included; null if it did not run. */
  left: count.nullable(),
  /** Keys of Celery that stayed, by the final check; null if it did not run, or if the scope is the database. */
  shared: shared.nullable(),
  /** Keys that are not AsyncTaskFlow's, and stayed; null if no check ran, or if the scope is the database. */
  unrelatedKept: count.nullable(),
  backup: z.strictObject({ path: z.string(), records: count }).nullable(),
});

const result = z.strictObject({
  scope: z.enum(['app', 'db']),
  /** True if --confirm was given. */
  confirmed: z.boolean(),
  /** True if live workers prevent the reset without --force. */
  refused: z.boolean(),
  /** Keys of this database at the beginning. */
  keys: count,
  workers: workersSchema,
  /** Null if keys were deleted: `deletion` then says what. */
  inspection: inspection.nullable(),
  /** How many keys are in the scope, by the inspection; null without one. */
  selected: count.nullable(),
  deletion: deletion.nullable(),
});

/** Schema of what `reset-redis --json` prints. */
export const resetRedisReportSchema = reportSchema('reset-redis', result);

/** What a database holds, and what was done about it. */
export type ResetRedisResult = z.output<typeof result>;
export type Inspection = z.output<typeof inspection>;
export type KeyCount = z.output<typeof keyCount>;
export type QueueDepth = z.output<typeof queueDepth>;
export type ReportedDeletion = z.output<typeof deletion>;
export type TaskCounts = z.output<typeof taskCounts>;
