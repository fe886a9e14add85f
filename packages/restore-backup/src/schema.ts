import { reportSchema, TASK_STATES } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();

/** What becomes of one thing that a backup holds. */
export const OUTCOMES = ['restored', 'replaced', 'there', 'left', 'expired', 'refused'] as const;

/** How many things of one kind had each outcome. In a dry run: would have. */
const outcomeCounts = z.record(z.enum(OUTCOMES), count);

/** `members` are those of sorted sets, `entries` those of lists, `keys` are whole keys that belong to no task. */
export const KINDS = ['tasks', 'copies', 'members', 'entries', 'keys'] as const;

/** Why something differs from the backup, or needs attention. */
const problemCode = z.enum([
  /** The key exists, holds something else, and was left alone. */
  'differs',
  /** A state counter that exists and holds something else: it is never replaced. */
  'counter-differs',
  /** A state counter that may count other tasks than those that are there now. */
  'counter-unsure',
  /** A queue that exists now: entries that name no task were left out. */
  'queue-exists',
  /** A member of a sorted set that has another score now. */
  'other-score',
  'refused',
  /** The key of a queue has another type: its entries were left out. */
  'wrong-type',
  'not-a-sorted-set',
  'not-a-number',
]);

const problem = z.strictObject({
  code: problemCode,
  key: z.string(),
  /** What is there, or what the server answered; null: nothing to add. */
  detail: z.string().nullable(),
  /** Of `other-score`: the member, and its score now and in the backup, as Redis writes them. */
  score: z.strictObject({ member: z.string(), now: z.string(), backup: z.string() }).optional(),
});

const result = z.strictObject({
  backup: z.strictObject({
    file: z.string(),
    tool: z.string(),
    /** `redis://host:port/database` that the backup was taken from. */
    target: z.string(),
    createdAt: z.string(),
    /** Name and version of the server that it was taken from. */
    server: z.string(),
    /** False: the end is missing, because the tool that wrote it was cut off. Null: it was not read to its end. */
    complete: z.boolean().nullable(),
    /** True: the whole file was verified before the first write. A pipe is verified as it is read. */
    checkedFirst: z.boolean(),
  }),
  /** False: host, port or database differ from those that the backup was taken from. */
  sameTarget: z.boolean(),
  /** Name and version of this server; null: it does not tell. */
  server: z.string().nullable(),
  /** False: a dry run could not check whether this server can load the keys of the backup. */
  dumpsChecked: z.boolean(),
  /** How many records were processed. */
  records: count,
  /** The copies and members of a task are counted only if this run restored the task. */
  outcomes: z.record(z.enum(KINDS), outcomeCounts),
  /** Queue entries that did not come back, by the reason. */
  notQueued: z.strictObject({
    /** The task was there before this restore: it was never deleted, or somebody restored it. It may have been sent since. */
    before: count,
    /** The task changed since this restore brought it back. */
    changed: count,
    /** There is no such task. */
    missing: count,
    /** Nobody can read which task the message names, and not all tasks came back. */
    unreadable: count,
  }),
  /** By how much the counters were changed. */
  counters: z.array(z.strictObject({ state: z.enum(TASK_STATES), change: z.int() })),
  problemCount: count,
  /** The first 100 of them. */
  problems: z.array(problem).max(100),
});

/** Schema of what `restore-backup --json` prints. */
export const restoreBackupReportSchema = reportSchema('restore-backup', result);

export type OutcomeCounts = z.infer<typeof outcomeCounts>;
export type RestoreOutcome = (typeof OUTCOMES)[number];
export type Kind = (typeof KINDS)[number];
export type Problem = z.infer<typeof problem>;
export type RestoreBackupResult = z.infer<typeof result>;
