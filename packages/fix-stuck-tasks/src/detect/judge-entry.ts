import { type DoubtfulEntry, type Locations, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY } from '@atf/core';
import type { TaskReading } from '../read/read-tasks.js';
import { retryCountOf } from './ages.js';
import { type EntryFault, entryFault, type QueueKey } from './entry-fault.js';
import { type Finding, newFinding } from './finding.js';
import { newTaskFinding } from './judge-placement.js';

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
  const emptied = emptiedList(reading);
  return faultsOf(entry, reading, { locations, emptied }).map((fault): Finding => {
    const shared = { fault, repair: 'remove', queue: fault === 'both' ? emptied : queue } as const;
    if (!reading) return newFinding('ghost-entry', id, shared);
    return newTaskFinding(reading, { now }, { kind: 'stale-entry', ...shared });
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
  { locations, emptied }: { locations: Locations; emptied: QueueKey },
): EntryFault[] {
  const fault = entryFault({ queue, observedState: reading?.state ?? 'absent', isRepeated, locations });
  if (fault !== 'twice' || reading?.state !== 'PENDING' || !locations.primary || !locations.retry) {
    return fault ? [fault] : [];
  }
  return [
    ...(queue === PENDING_RETRY_KEY ? (['both'] as const) : []),
    ...(queue !== emptied ? (['twice'] as const) : []),
  ];
}

/** Of two pending lists that hold a task, the one that loses it: primary keeps a new task, retry keeps a task that was tried. */
function emptiedList(reading: TaskReading | undefined): QueueKey {
  return reading && retryCountOf(reading.fields) > 0 ? PENDING_PRIMARY_KEY : PENDING_RETRY_KEY;
}
