import { BROKER_KNOWLEDGE, reportSchema, TASK_STATES } from '@atf/core';
import * as z from 'zod';
import { ENTRY_FAULTS } from './detect/entry-fault.js';
import { OBSTACLES, REPAIRS } from './detect/finding.js';
import { KINDS } from './kinds.js';

/** A report names at most this many findings, because JSON of some hundred thousand findings is too long for a string. */
export const MAX_REPORTED = 10_000;

const count = z.int().nonnegative();
const text = z.string().nullable();
const seconds = z.int().nullable();
const wrongTypeKeys = z.array(z.strictObject({ key: z.string(), type: z.string() }));

const finding = z.strictObject({
  kind: z.enum(KINDS),
  /** The task's id, as `keyName` writes it. */
  id: z.string(),
  /** Null for a ghost entry. */
  state: z.enum(TASK_STATES).nullable(),
  /** Since the task last changed; null if its dates cannot be read. */
  ageSeconds: seconds,
  workerId: text,
  /** Null: no heartbeat. */
  heartbeatAgeSeconds: seconds,
  /** True: the worker has sent a heartbeat since it started the task, so it no longer runs the task. */
  workerMovedOn: z.boolean(),
  /** How far the broker's messages are known; null if the kind does not depend on them. */
  broker: z.enum(BROKER_KNOWLEDGE).nullable(),
  /** How long the task has been due; null if it is not due. */
  dueSeconds: seconds,
  retryCount: count.nullable(),
  maxRetries: z.int().nullable(),
  /** Why an entry is wrong. */
  fault: z.enum(ENTRY_FAULTS).nullable(),
  /** The queue that gets the task, or that loses the entry. */
  queue: text,
  /** How it is repaired; null: it is only reported. */
  repair: z.enum(REPAIRS).nullable(),
  /** Why it is not repaired, although its kind has a repair. */
  obstacle: z
    .strictObject({
      code: z.enum(OBSTACLES),
      /** The queue's key; null if no queue is in the way. */
      queue: text,
      /** The type of the key; null if it is a queue. */
      type: text,
    })
    .nullable(),
  /**
   * `found`: a dry run, it would be repaired; `changed`: it has changed meanwhile and was left alone; `left`: beyond --limit, or
   * not reached; `reported`: it is only reported.
   */
  outcome: z.enum(['found', 'repaired', 'changed', 'left', 'reported']),
});

const kindCounts = z.strictObject({
  kind: z.enum(KINDS),
  found: count,
  repaired: count,
  changed: count,
  /** Beyond --limit, beyond what one run keeps (see the README), or not reached. */
  left: count,
  reported: count,
});

const result = z.strictObject({
  totalTasks: count,
  /** Defective tasks that would otherwise be findings, and tasks without a state: delete-defective-tasks is for these. */
  defective: count,
  /** Tasks that are lost or wait in the broker, and why that cannot be decided. Null: no task is undecided. */
  undecided: z
    .strictObject({ reason: z.enum(BROKER_KNOWLEDGE).exclude(['read']), tasks: z.int().positive() })
    .nullable(),
  /** The broker that was read; null if none was found. */
  broker: z
    .strictObject({
      /** Without user and password. */
      url: z.string(),
      /** How far its messages are known. */
      knowledge: z.enum(BROKER_KNOWLEDGE).exclude(['not-found']),
      messages: count,
      /** Of other programs. */
      others: count,
      /** In a form that is not read: they may name any task. */
      unreadable: count,
      /** No Celery messages. */
      nonCelery: count,
      wrongTypeKeys,
    })
    .nullable(),
  wrongTypeQueues: wrongTypeKeys,
  /** How many workers and consumers send heartbeats. */
  alive: z.strictObject({ workers: count, consumers: count }),
  /**
   * Messages that workers took longer ago than --active-timeout and have not acknowledged; null without such messages. Celery
   * delivers the oldest again in `redeliveryInSeconds`, by its default visibility timeout of an hour. Negative: it is due.
   */
  oldUnacknowledged: z
    .strictObject({ messages: z.int().positive(), oldestSeconds: z.int(), redeliveryInSeconds: z.int() })
    .nullable(),
  /** Messages that are in the broker twice, at most 20: Celery runs them twice. */
  repeatedMessages: count,
  kinds: z.array(kindCounts),
  /** How many findings have an obstacle. */
  obstructed: count,
  /** Oldest first; `kinds` counts all. */
  findings: z.array(finding).max(MAX_REPORTED),
});

export type FixStuckTasksResult = z.output<typeof result>;
export type ReportedFinding = z.output<typeof finding>;
export type KindCounts = z.output<typeof kindCounts>;

/** The outcome of a repair. */
export type RepairOutcome = Extract<ReportedFinding['outcome'], 'repaired' | 'changed'>;

/** Schema of what `fix-stuck-tasks --json` prints. */
export const fixStuckTasksReportSchema = reportSchema('fix-stuck-tasks', result);
