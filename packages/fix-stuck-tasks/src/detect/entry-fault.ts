import type { Locations, ObservedState, QUEUE_KEYS } from '@atf/core';

/** Why an entry of a queue is wrong. */
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

/** An entry of a queue, and everything that decides whether it is wrong. */
export interface JudgedEntry {
  queue: QueueKey;
  observedState: ObservedState;
  /** True if the queue holds the id more than once. */
  isRepeated: boolean;
  locations: Locations;
}

const DONE: readonly ObservedState[] = ['COMPLETED', 'ACTIVE', 'DLQ'];

/**
 * The fault of an entry; undefined if it may be right. These may be right, because another program may be moving the task or a
 * person may want to see it: FAILED in a list, SCHEDULED in a list only, PENDING in the sorted set only. Tasks without a known
 * state are left to delete-defective-tasks. Pure.
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
