import type { BrokerKnowledge, TaskState } from '@atf/core';
import type { Kind } from '../kinds.js';
import type { TaskReading } from '../read/read-tasks.js';
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
] as const;
export interface Obstacle {
  code: (typeof OBSTACLES)[number];
  queue: string;
  type: string | null;
}

/** Something that is wrong with one task or one entry of a queue, with its evidence. See the schema for the fields. */
export interface Finding {
  kind: Kind;
  id: Buffer;
  state: TaskState | null;
  /** In ms since the task last changed. */
  age: number | null;
  worker: Buffer | null;
  heartbeatAgeSeconds: number | null;
  broker: BrokerKnowledge | null;
  dueSeconds: number | null;
  retryCount: number | null;
  maxRetries: number | null;
  fault: EntryFault | null;
  queue: QueueKey | null;
  repair: Repair | null;
  obstacle: Obstacle | null;
  /** Undefined for a ghost entry. */
  basis: Basis | undefined;
}

/** What a repair re-checks and needs of its task. */
export interface Basis {
  key: Buffer;
  /** See {@link TaskReading}. */
  fingerprint: string;
  /** What the heartbeat of its worker held; null if there is none. */
  beat: Buffer | null;
  retryAfter: string | null;
}

/** Copies what is kept of a reading: a part of a reply would keep all of it. Pure. */
export function basisOf({ key, fingerprint, beat, fields }: TaskReading): Basis {
  return {
    key,
    fingerprint,
    beat: beat.kind === 'string' ? Buffer.from(beat.bytes) : null,
    retryAfter: fields.retry_after,
  };
}

/** A finding about a task, as opposed to an entry of a queue. */
export type TaskFinding = Finding & { basis: Basis };

export function isOfEntry({ kind }: Pick<Finding, 'kind'>): boolean {
  return kind === 'ghost-entry' || kind === 'stale-entry';
}
