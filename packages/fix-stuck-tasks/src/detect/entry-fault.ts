import type { Locations, ObservedState, QUEUE_KEYS } from '@atf/core';

/** What can be wrong with an entry of a queue. */
export const ENTRY_FAULTS = [
  /** There is no such task. */
  'ghost',
  /** A task in this state does not belong there. */
  'state',
  /** The queue holds the id more than once. */
  'twice',
  /** The other pending list holds the id too. */
  'both',
  /** A pending list holds the PENDING task, so it is not scheduled any more. */
  'unscheduled',
] as const;
export type EntryFault = (typeof ENTRY_FAULTS)[number];

export type QueueKey = (typeof QUEUE_KEYS)[number];

/** An entry of a queue, with all that decides whether it is wrong. */
export interface JudgedEntry {
  queue: QueueKey;
  observedState: ObservedState;
  /** True if the queue holds the id more than once. */
  isRepeated: boolean;
  locations: Locations;
}

const DONE: readonly ObservedState[] = ['COMPLETED', 'ACTIVE', 'DLQ'];

/**
 * What is wrong with an entry; undefined if nothing is. What may be on its way, or is kept for people to see, is left alone:
 * FAILED in a list, SCHEDULED in a list but not in the set any more, PENDING in the set but in no pending list yet. Tasks
 * without a known state are for delete-defective-tasks. Pure.
 */
export function entryFault({
  queue,
  observedState: state,
  isRepeated,
  locations,
}: JudgedEntry): EntryFault | undefined {
  if (state === 'absent') return 'ghost';
  if (state === 'unknown-state' || state === 'missing-state' || state === 'not-a-hash') return undefined;
  const isPending = state === 'PENDING';
  if (queue === 'tasks:scheduled') {
    if (isPending) return locations.primary || locations.retry ? 'unscheduled' : undefined;
    return DONE.includes(state) ? 'state' : undefined;
  }
  if (queue === 'dlq:tasks') {
    if (state !== 'DLQ' && state !== 'FAILED') return 'state';
  } else if (DONE.includes(state) || (state === 'SCHEDULED' && locations.scheduled)) return 'state';
  if (isRepeated) return 'twice';
  return isPending && locations.primary && locations.retry ? 'both' : undefined;
}
