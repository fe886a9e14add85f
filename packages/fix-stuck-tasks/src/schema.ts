import { BROKER_KNOWLEDGE, reportSchema, TASK_STATES } from '@atf/core';
import * as z from 'zod';
import { ENTRY_FAULTS } from './detect/entry-fault.js';
import { OBSTACLES, REPAIRS } from './detect/finding.js';
import { KINDS } from './kinds.js';

/** Findings that a report names: with some hundred thousand a JSON document would be too long for a string. */
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
  /** Since the task last changed; null if nothing tells. */
  ageSeconds: seconds,
  workerId: text,
  /** Null: no heartbeat. */
  heartbeatAgeSeconds: seconds,
  /** True: the worker has sent a heartbeat since it started the task, so it no longer runs the task. */
  workerMovedOn: z.boolean(),
  /** How far the broker's messages are known, if that matters. */
  broker: z.enum(BROKER_KNOWLEDGE).nullable(),
  /** For how long it is due. */
  dueSeconds: seconds,
  retryCount: count.nullable(),
  maxRetries: z.int().nullable(),
  /** What is wrong with an entry. */
  fault: z.enum(ENTRY_FAULTS).nullable(),
  /** The queue that the repair puts it into, or that the entry is taken out of. */
  queue: text,
  /** Null: it is only reported. */
  repair: z.enum(REPAIRS).nullable(),
  /** Why it is only reported, if that is not for lack of an --include. */
  obstacle: z
    .strictObject({
      code: z.enum(OBSTACLES),
      /** The queue's key; null if no queue is in the way. */
      queue: text,
      /** What the key is instead; null if it is a queue. */
      type: text,
    })
    .nullable(),
  /**
   * `found`: a dry run, it would be repaired; `changed`: it is not what was judged any more, and was left alone; `left`: beyond
   * --limit, or not reached; `reported`: it is only reported.
   */
  outcome: z.enum(['found', 'repaired', 'changed', 'left', 'reported']),
});

const kindCounts = z.strictObject({
  kind: z.enum(KINDS),
  found: count,
  repaired: count,
  changed: count,
  left: count,
  reported: count,
});

const result = z.strictObject({
  totalTasks: count,
  /** Defective tasks that would otherwise be findings, and tasks without a state: delete-defective-tasks is for these. */
  defective: count,
  /** Tasks that may be lost or may wait in the broker, and why that is not known. Null: there are none. */
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
   * Messages that a worker took before --active-timeout and has not acknowledged. Celery delivers the oldest again after its
   * default visibility timeout of an hour: in so many seconds, negative if it is due. Null: there are none.
   */
  oldUnacknowledged: z
    .strictObject({ messages: z.int().positive(), oldestSeconds: z.int(), redeliveryInSeconds: z.int() })
    .nullable(),
  /** Messages that are in the broker twice, 20 at most: Celery runs them twice. */
  repeatedMessages: count,
  kinds: z.array(kindCounts),
  /** How many of the findings an obstacle keeps from repair. */
  obstructed: count,
  /** Oldest first; `kinds` counts all. */
  findings: z.array(finding).max(MAX_REPORTED),
});

export type FixStuckTasksResult = z.output<typeof result>;
export type ReportedFinding = z.output<typeof finding>;
export type KindCounts = z.output<typeof kindCounts>;

/** What became of a finding that was to be repaired; `changed`: it is not what was judged any more, and was left alone. */
export type RepairOutcome = Extract<ReportedFinding['outcome'], 'repaired' | 'changed'>;

/** Schema of what `fix-stuck-tasks --json` prints. */
export const fixStuckTasksReportSchema = reportSchema('fix-stuck-tasks', result);
