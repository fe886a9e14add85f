import { type PerState, perState, TASK_STATES } from './task-states.js';

/** What can be observed at a `task:*` key: a state, or one of four other cases. */
export const OBSERVED_STATES = [
  'absent',
  ...TASK_STATES,
  'unknown-state',
  'missing-state',
  'not-a-hash',
] as const;

export type ObservedState = (typeof OBSERVED_STATES)[number];

/** A key that is in no state's count, and why. */
export interface OddKey {
  /** The key, as `keyName` writes it. */
  key: string;
  observedState: 'unknown-state' | 'missing-state' | 'not-a-hash';
  /** The unknown state, cut to 64 bytes, or the type of a key that is no hash. Otherwise empty. */
  label: string;
}

/** The number of keys in each state, and of the keys that are in no state. */
export interface TaskCounts {
  states: PerState<number>;
  unknownState: number;
  missingState: number;
  notAHash: number;
}

/** Counts that are all zero. */
export function emptyCounts(): TaskCounts {
  return { states: perState(() => 0), unknownState: 0, missingState: 0, notAHash: 0 };
}

/** Adds `amount` keys of one observedState to the counts, in place. `absent` counts nowhere. */
export function addToCounts(counts: TaskCounts, observedState: ObservedState, amount: number): void {
  if (observedState === 'absent') return;
  if (observedState === 'unknown-state') counts.unknownState += amount;
  else if (observedState === 'missing-state') counts.missingState += amount;
  else if (observedState === 'not-a-hash') counts.notAHash += amount;
  else counts.states[observedState] += amount;
}

/** The number of all task hashes, in any state. A `task:*` key that is no hash is no task. */
export function tasksInCounts(counts: TaskCounts): number {
  const inStates = Object.values(counts.states).reduce((sum, count) => sum + count, 0);
  return inStates + counts.unknownState + counts.missingState;
}
