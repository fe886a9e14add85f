import { type DoubtfulEntry, type Locations, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY } from '@atf/core';
import type { TaskReading } from '../read/read-tasks.js';
import { retryCountOf } from './ages.js';
import { type EntryFault, entryFault, type QueueKey } from './entry-fault.js';
import { type Finding, WITHOUT_TASK } from './finding.js';
import { evidenceOf } from './judge-placement.js';

/** An entry that may be wrong, and the queue that holds it. */
export interface QueuedEntry extends DoubtfulEntry {
  queue: QueueKey;
}

/**
 * The faults of an entry. Empty if it has no fault, or if its task has changed since the snapshot. `reading` is the task as it
 * was read after the snapshot; undefined if there is no such task. Pure.
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
 * An entry has one fault, with one exception: a PENDING task in both pending lists, and more than once in one of them. One list
 * loses all its entries (`both`), the other keeps one (`twice`). Each fault is reported once:
 *
 *   repeated in   kept in   faults of the repeated entry
 *   primary       primary   twice; `both` comes from the entry of the retry list
 *   primary       retry     none; `both` comes from the entry of the retry list
 *   retry         primary   both
 *   retry         retry     both, twice
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
  const isKeptHere = queueOf('both', queue, reading) !== queue;
  return [
    ...(queue === PENDING_RETRY_KEY ? (['both'] as const) : []),
    ...(isKeptHere ? (['twice'] as const) : []),
  ];
}

/** The queue that loses entries. Of two pending lists, primary keeps a new task, and retry keeps a task that was tried. */
function queueOf(fault: EntryFault, queue: QueueKey, reading: TaskReading | undefined): QueueKey {
  if (fault !== 'both' || !reading) return queue;
  return retryCountOf(reading.fields) === 0 ? PENDING_RETRY_KEY : PENDING_PRIMARY_KEY;
}
