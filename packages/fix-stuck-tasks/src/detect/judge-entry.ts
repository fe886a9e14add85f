import { type DoubtfulEntry, type Locations, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY } from '@atf/core';
import type { TaskReading } from '../read/read-tasks.js';
import { retryCountOf } from './ages.js';
import { type EntryFault, entryFault, type QueueKey } from './entry-fault.js';
import { type Finding, WITHOUT_TASK } from './finding.js';
import { evidenceOf } from './judge-task.js';

/** An entry that may be wrong, and the queue that holds it. */
export interface QueuedEntry extends DoubtfulEntry {
  queue: QueueKey;
}

/**
 * What is wrong with an entry; nothing if nothing is, or not any more. `reading` is what its task was found to be afterwards;
 * undefined if it was not found. Pure.
 */
export function judgeEntry(
  entry: QueuedEntry,
  reading: TaskReading | undefined,
  { locations, now }: { locations: Locations; now: Date },
): Finding[] {
  const { queue, id, observedState } = entry;
  if ((observedState === 'absent') !== (reading === undefined)) return [];
  if (reading && !reading.state) return [];
  return faultsOf(entry, reading, locations).map((fault): Finding => {
    const shared = { fault, repair: 'remove', queue: queueOf(fault, queue, reading) } as const;
    if (!reading) return { ...WITHOUT_TASK, ...shared, kind: 'ghost-entry', id: id.toString('latin1') };
    return { ...evidenceOf(reading, { now }), ...shared, kind: 'stale-entry' };
  });
}

/**
 * If an id is in both pending lists, and in one of them more than once, one list loses all its entries and the other all but
 * one. The first fault is reported with the retry queue.
 */
function faultsOf(
  { queue, isRepeated }: QueuedEntry,
  reading: TaskReading | undefined,
  locations: Locations,
): EntryFault[] {
  const fault = entryFault({ queue, observedState: reading?.state ?? 'absent', isRepeated, locations });
  if (fault !== 'twice' || reading?.state !== 'PENDING' || !locations.primary || !locations.retry) {
    return fault ? [fault] : [];
  }
  const isKept = queueOf('both', queue, reading) !== queue;
  return [
    ...(queue === PENDING_RETRY_KEY ? (['both'] as const) : []),
    ...(isKept ? (['twice'] as const) : []),
  ];
}

/** The queue that loses entries. Of two pending lists, the primary keeps a new task, the other keeps one that was tried. */
function queueOf(fault: EntryFault, queue: QueueKey, reading: TaskReading | undefined): QueueKey {
  if (fault !== 'both' || !reading) return queue;
  return retryCountOf(reading.fields) === 0 ? PENDING_RETRY_KEY : PENDING_PRIMARY_KEY;
}
