import type { TaskState } from '@atf/core';
import type { Kind } from './kinds.js';
import type { EntryFault } from './places/entry-fault.js';
import type { TaskReading } from './tasks/read-tasks.js';

/**
 * How a finding is repaired:
 * `retry` PENDING again after a failed attempt, in a queue; `give-up` DLQ, its attempts are used up; `enqueue` its id is put
 * into the queue of its state; `release` PENDING again, no attempt counted; `remove` the entry is taken out of the queue.
 */
export const REPAIRS = ['retry', 'give-up', 'enqueue', 'release', 'remove'] as const;
export type Repair = (typeof REPAIRS)[number];

/** What keeps a finding from repair, beside the lack of an --include. */
export const OBSTACLES = [
  /** A queue that is none: a key of another type. */
  'no-queue',
  /** An entry of its own in a queue that it has no business in, and that is not looked for, so that it stays there. */
  'in-wrong-queue',
] as const;
export interface Obstacle {
  code: (typeof OBSTACLES)[number];
  /** The queue's key. */
  queue: string;
  /** What the key is instead; null where it is a queue. */
  type: string | null;
}

/** Something that is wrong with one task or one entry of a queue, with all that shows it. */
export interface Finding {
  kind: Kind;
  id: Buffer;
  /** Null for a ghost entry. */
  state: TaskState | null;
  /** In ms since the task last changed; null where nothing tells. */
  age: number | null;
  worker: Buffer | null;
  /** Null: no heartbeat. */
  heartbeatAgeSeconds: number | null;
  /** Whether its id was looked for in the broker's messages, where that matters; all of them could be read, or not. */
  broker: 'read' | 'not-read' | 'unreadable' | null;
  /** For how long it is due. */
  dueSeconds: number | null;
  retryCount: number | null;
  maxRetries: number | null;
  /** What is wrong with an entry. */
  fault: EntryFault | null;
  /** The queue that the repair puts it into, or that the entry is taken out of. */
  queue: string | null;
  /** Null: it is only reported. */
  repair: Repair | null;
  /** Why it is only reported, where that is not for lack of an --include. */
  obstacle: Obstacle | null;
  /** Undefined for a ghost entry. */
  basis: Basis | undefined;
}

/** What a repair re-checks and needs of its task. As little as that, for a million findings may be kept. */
export interface Basis {
  key: Buffer;
  /** See {@link TaskReading}. */
  fingerprint: string;
  /** What the heartbeat of its worker held; null where it is none. */
  beat: Buffer | null;
  retryAfter: string | null;
}

/** Copies what is kept of a reading: a part of a reply would keep the whole of it. Pure. */
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

export function isOfEntry({ kind }: Finding): boolean {
  return kind === 'ghost-entry' || kind === 'stale-entry';
}
