import { type BrokerKnowledge, TASK_KEY_PREFIX, type TaskState } from '@atf/core';
import type { Kind } from '../kinds.js';
import type { EntryFault, QueueKey } from './entry-fault.js';

/**
 * How a finding is repaired:
 * `retry` PENDING again after a failed attempt, in a queue; `give-up` DLQ, its attempts are used up; `enqueue` its id is put
 * into the queue of its state; `release` PENDING again, no attempt counted; `remove` the entry is taken out of the queue.
 */
export const REPAIRS = ['retry', 'give-up', 'enqueue', 'release', 'remove'] as const;
export type Repair = (typeof REPAIRS)[number];

/** What keeps a finding from repair, apart from a missing --include. */
export const OBSTACLES = [
  /** The queue's key is of another type. */
  'no-queue',
  /** A queue that it does not belong in holds its id, and the id stays there, because --only does not look for it. */
  'in-wrong-queue',
  /** Its message may be in the broker, which is not known, or not known whole: to put it back might run it twice. */
  'undecided',
] as const;
export interface Obstacle {
  code: (typeof OBSTACLES)[number];
  queue: string | null;
  type: string | null;
}

/**
 * Something that is wrong with one task, entry or message, with its evidence. See the schema for the fields. Kept small, because
 * there may be a million: no part of a reply, and bytes as latin1 text.
 */
export interface Finding {
  kind: Kind;
  /** Latin1. */
  id: string;
  state: TaskState | null;
  /** In ms since the task last changed. */
  age: number | null;
  /** Latin1. */
  worker: string | null;
  heartbeatAgeSeconds: number | null;
  workerHasLeft: boolean;
  broker: BrokerKnowledge | null;
  dueSeconds: number | null;
  retryCount: number | null;
  maxRetries: number | null;
  fault: EntryFault | null;
  queue: QueueKey | null;
  repair: Repair | null;
  obstacle: Obstacle | null;
  /** What a repair re-checks and needs of its task; undefined if there is none. */
  basis: Basis | undefined;
}

export interface Basis {
  /** Changes with everything that a repair is based on. */
  fingerprint: string;
  /** What the heartbeat of its worker held, latin1; null if there is none. */
  beat: string | null;
  /** The task changed last then, Unix time in seconds by the worker's clock. */
  changedAt: number | null;
  retryAfter: string | null;
}

/** A finding about a task, as opposed to an entry of a queue or a message. */
export type TaskFinding = Finding & { basis: Basis };

/** What is known of something without a task. */
export const WITHOUT_TASK = {
  state: null,
  age: null,
  worker: null,
  heartbeatAgeSeconds: null,
  workerHasLeft: false,
  broker: null,
  dueSeconds: null,
  retryCount: null,
  maxRetries: null,
  fault: null,
  queue: null,
  repair: null,
  obstacle: null,
  basis: undefined,
} as const;

export function isOfEntry({ kind }: Pick<Finding, 'kind'>): boolean {
  return kind === 'ghost-entry' || kind === 'stale-entry';
}

/** The bytes of an id. */
export const idBytes = ({ id }: Pick<Finding, 'id'>): Buffer => Buffer.from(id, 'latin1');
/** The key of its task. */
export const taskKeyOf = ({ id }: Pick<Finding, 'id'>): Buffer => Buffer.from(TASK_KEY_PREFIX + id, 'latin1');
