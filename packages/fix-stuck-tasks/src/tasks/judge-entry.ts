import type { TaskState } from '@atf/core';
import { PENDING_PRIMARY_KEY, PENDING_RETRY_KEY } from '@atf/core';
import type { Finding } from '../finding.js';
import { type EntryFault, entryFault, RETRY } from '../places/entry-fault.js';
import { QUEUES, type Seen } from '../places/look.js';
import type { OddEntry } from '../places/read-list.js';
import { retryCountOf } from './ages.js';
import { evidenceOf } from './judge-place.js';
import type { TaskReading } from './read-tasks.js';

/** The letter of `observed-state.lua` for each state. */
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
 * What is wrong with an entry; nothing where nothing is, or not any more. `reading` is what its task was found to be
 * afterwards; undefined where it was not found. Pure.
 */
export function judgeEntry(
  entry: DoubtfulEntry,
  reading: TaskReading | undefined,
  { seen, now }: { seen: Seen; now: Date },
): Finding[] {
  const { queue, id, letter } = entry;
  const isGhost = letter === '-';
  if (isGhost !== (reading === undefined)) return [];
  if (reading && !reading.state) return [];
  return faultsOf(entry, reading, seen).map((fault): Finding => {
    const shared = { fault, repair: 'remove', queue: queueOf(fault, queue, reading) } as const;
    if (!reading) return { ...GHOST, ...shared, id };
    return { ...evidenceOf(reading, { now }), ...shared, kind: 'stale-entry' };
  });
}

/** Of an id in both pending lists, one list loses all entries, which is told with the retry queue's, and the other all but one. */
function faultsOf(
  { queue, again }: DoubtfulEntry,
  reading: TaskReading | undefined,
  seen: Seen,
): EntryFault[] {
  const fault = entryFault(queue, reading?.state ? LETTERS[reading.state] : '-', {
    again,
    inPrimary: seen.primary,
    inRetry: seen.retry,
    inScheduled: seen.scheduled,
  });
  if (fault !== 'twice' || reading?.state !== 'PENDING' || !seen.primary || !seen.retry) {
    return fault ? [fault] : [];
  }
  const isKept = queueOf('both', queue, reading) !== QUEUES[queue];
  return [...(queue === RETRY ? (['both'] as const) : []), ...(isKept ? (['twice'] as const) : [])];
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
  basis: undefined,
} as const;
