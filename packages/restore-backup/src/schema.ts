import { reportSchema, TASK_STATES } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();

/** What becomes of one thing that a backup holds. */
export const OUTCOMES = ['restored', 'replaced', 'there', 'left', 'expired', 'refused'] as const;
/** How many things of one kind had each outcome. In a dry run: would have. */
const outcomeCounts = z.strictObject({
  restored: count,
  replaced: count,
  there: count,
  left: count,
  expired: count,
  refused: count,
});

/** `members` are those of sorted sets, `entries` those of lists, `keys` are whole keys that belong to no task. */
export const KINDS = ['tasks', 'copies', 'members', 'entries', 'keys'] as const;

/** Why something differs from the backup, or needs attention. */
const problemCode = z.enum([
  /** The key exists, holds something else, and was left alone. */
  'differs',
  /** A state counter that exists and holds something else: it is never replaced. */
  'counter-differs',
  /** A state counter that has the backup's value, while tasks came back that it may count already. */
  'counter-unsure',
  /** A queue that held something else and was replaced: its newer entries are lost. */
  'queue-replaced',
  /** A member of a sorted set that has another score now. */
  'other-score',
  'refused',
  'not-a-list',
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
    redisVersion: z.string(),
    /** False: the end is missing, because the tool that wrote it was cut off. Null: it was not read to its end. */
    complete: z.boolean().nullable(),
  }),
  /** False: host, port or database differ from those that the backup was taken from. */
  sameTarget: z.boolean(),
  /** The server's version if it is older than the one that the backup was taken from, else null. */
  olderServer: z.string().nullable(),
  /** How many records were processed. */
  records: count,
  /**
   * Expired `entries` are those whose task is gone again. What belongs to a task that was not restored is not counted.
   */
  outcomes: z.strictObject({
    tasks: outcomeCounts,
    copies: outcomeCounts,
    members: outcomeCounts,
    entries: outcomeCounts,
    keys: outcomeCounts,
  }),
  /** By how much the counters were changed. */
  counters: z.array(z.strictObject({ state: z.enum(TASK_STATES), change: z.int() })),
  problemCount: count,
  /** The first 100 of them. */
  problems: z.array(problem).max(100),
});

/** Schema of what `restore-backup --json` prints. */
export const restoreBackupReportSchema = reportSchema('restore-backup', result);

export type RestoreOutcome = (typeof OUTCOMES)[number];
export type OutcomeCounts = z.infer<typeof outcomeCounts>;
export type Kind = (typeof KINDS)[number];
export type ProblemCode = z.infer<typeof problemCode>;
export type Problem = z.infer<typeof problem>;
export type RestoreBackupResult = z.infer<typeof result>;
export type BackupFacts = RestoreBackupResult['backup'];
