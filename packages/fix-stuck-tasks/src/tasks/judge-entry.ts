import type { TaskState } from '@atf/core';
import { PENDING_PRIMARY_KEY, PENDING_RETRY_KEY } from '@atf/core';
import type { Finding } from '../finding.js';
import { type EntryFault, entryFault } from '../places/entry-fault.js';
import { QUEUES, type Seen } from '../places/look.js';
import type { OddEntry } from '../places/read-list.js';
import { retryCountOf } from './ages.js';
import { evidenceOf } from './judge-place.js';
import type { TaskReading } from './read-tasks.js';

/** The letter of `task-sighting.lua` for each state. */
export const LETTERS: Readonly<Record<TaskState, string>> = {
  PENDING: 'P',
  ACTIVE: 'A',
  COMPLETED: 'C',
  FAILED: 'F',
  SCHEDULED: 'S',
  DLQ: 'D',
};

/** An entry of a queue that may be wrong. */
export interface DoubtfulEntry extends OddEntry {
  /** Which of {@link QUEUES}. */
  queue: number;
}

/**
 * What is wrong with an entry; undefined where nothing is, or not any more. `reading` is what its task was found to be
 * afterwards; undefined where it was not found. Pure.
 */
export function judgeEntry(
  { queue, id, letter, again }: DoubtfulEntry,
  reading: TaskReading | undefined,
  { seen, now }: { seen: Seen; now: Date },
): Finding | undefined {
  const isGhost = letter === '-';
  if (isGhost !== (reading === undefined)) return undefined;
  const state = reading?.state;
  if (reading && !state) return undefined;
  const fault = entryFault(queue, state ? LETTERS[state] : '-', {
    again,
    inPrimary: seen.primary,
    inRetry: seen.retry,
    inScheduled: seen.scheduled,
  });
  if (!fault) return undefined;
  const shared = { fault, repair: 'remove', queue: queueOf(fault, queue, reading) } as const;
  if (!reading) return { ...GHOST, ...shared, id };
  return { ...evidenceOf(reading, { now }), ...shared, kind: 'stale-entry' };
}

/** Where one of two pending lists is to keep the task, a new one stays in the primary, and one that was tried in the other. */
function queueOf(fault: EntryFault, queue: number, reading: TaskReading | undefined): string {
  if (fault !== 'both' || !reading) return QUEUES[queue]!;
  return retryCountOf(reading.fields) === 0 ? PENDING_RETRY_KEY : PENDING_PRIMARY_KEY;
}

const GHOST = {
  kind: 'ghost-entry',
  state: null,
  age: null,
  worker: null,
  heartbeatAgeSeconds: null,
  broker: null,
  dueSeconds: null,
  retryCount: null,
  maxRetries: null,
  obstacle: null,
  reading: undefined,
} as const;
