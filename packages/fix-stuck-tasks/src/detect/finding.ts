import { type BrokerKnowledge, TASK_KEY_PREFIX, type TaskState } from '@atf/core';
import type { Kind } from '../kinds.js';
import type { EntryFault, QueueKey } from './entry-fault.js';

/*
 * What is decided about a finding, in this order:
 *
 *   kind      what is wrong
 *   fault     why an entry of a queue is wrong, if the finding is about one
 *   repair    how it can be repaired; null: it is only reported
 *   obstacle  why it is not repaired, although its kind has a repair
 *   outcome   what this run made of it
 */

export const REPAIRS = [
  /** The attempt failed and is counted; the task is PENDING in a queue again. */
  'retry',
  /** The attempt failed and was the last; the task is DLQ. */
  'give-up',
  /** The id is put into the queue of the task's state. */
  'enqueue',
  /** The task is PENDING in a queue again; no attempt is counted. */
  'release',
  /** The entry is removed from its queue. */
  'remove',
] as const;
export type Repair = (typeof REPAIRS)[number];

export const OBSTACLES = [
  /** The queue's key is of another type. */
  'no-queue',
  /** A wrong queue holds the task's id, and --only leaves out the removal of wrong entries. */
  'in-wrong-queue',
  /** Not all of the broker could be read. If a message names the task, a repair would run the task twice. */
  'undecided',
] as const;
export interface Obstacle {
  code: (typeof OBSTACLES)[number];
  queue: string | null;
  type: string | null;
}

/**
 * Something that is wrong with one task, entry or message, with its evidence. There may be a million, so each is small: it
 * refers to no reply of Redis, and holds bytes as latin1 text. The schema of the report describes the fields.
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
  workerMovedOn: boolean;
  broker: BrokerKnowledge | null;
  dueSeconds: number | null;
  retryCount: number | null;
  maxRetries: number | null;
  fault: EntryFault | null;
  queue: QueueKey | null;
  repair: Repair | null;
  obstacle: Obstacle | null;
  /** What a repair re-checks and needs of the task; undefined if the finding has no task. */
  basis: Basis | undefined;
}

export interface Basis {
  /** Changes with everything that a repair is based on. */
  fingerprint: string;
  /** The value of its worker's heartbeat, latin1; null without a heartbeat. */
  beat: string | null;
  /** When an ACTIVE task last changed, Unix time in seconds by the worker's clock. */
  changedAt: number | null;
  retryAfter: string | null;
}

/** A finding about a task, as opposed to an entry of a queue or a message. */
export type TaskFinding = Finding & { basis: Basis };

/**
 * Makes a finding. All findings are made here, with their fields in one order. With a spread, V8 would make a hidden class for each
 * object, and it would take twice the memory.
 */
export function newFinding<Known extends Partial<Finding>>(
  kind: Kind,
  id: Buffer,
  known: Known,
): Finding & Known {
  const finding: Finding = {
    kind,
    id: id.toString('latin1'),
    state: null,
    age: null,
    worker: null,
    heartbeatAgeSeconds: null,
    workerMovedOn: false,
    broker: null,
    dueSeconds: null,
    retryCount: null,
    maxRetries: null,
    fault: null,
    queue: null,
    repair: null,
    obstacle: null,
    basis: undefined,
  };
  return Object.assign(finding, known);
}

export function isOfEntry({ kind }: Pick<Finding, 'kind'>): boolean {
  return kind === 'ghost-entry' || kind === 'stale-entry';
}

export const idBytes = ({ id }: Pick<Finding, 'id'>): Buffer => Buffer.from(id, 'latin1');
export const taskKeyOf = ({ id }: Pick<Finding, 'id'>): Buffer => Buffer.from(TASK_KEY_PREFIX + id, 'latin1');
