import { type PerState, perState } from './task-states.js';

/** What one look at a `task:*` key can find: a state, or one of the four other cases. */
export const SIGHTINGS = [
  'absent',
  'PENDING',
  'ACTIVE',
  'COMPLETED',
  'FAILED',
  'SCHEDULED',
  'DLQ',
  'unknown-state',
  'missing-state',
  'not-a-hash',
] as const;

export type Sighting = (typeof SIGHTINGS)[number];

/** A key that is in no state's count, with what stands in its place. */
export interface OddKey {
  /** The key, as `keyName` writes it. */
  key: string;
  sighting: 'unknown-state' | 'missing-state' | 'not-a-hash';
  /** The state that nobody knows, cut to 64 bytes, or the type of the key that is no hash; else empty. */
  label: string;
}

/** How many keys were seen in each state, and how many stand apart from the states. */
export interface Tally {
  states: PerState<number>;
  unknownState: number;
  missingState: number;
  notAHash: number;
}

/** The tally of nothing. */
export function emptyTally(): Tally {
  return { states: perState(() => 0), unknownState: 0, missingState: 0, notAHash: 0 };
}

/** Adds `amount` keys of one sighting to the tally, in place. `absent` counts nowhere. */
export function addToTally(tally: Tally, sighting: Sighting, amount: number): void {
  if (sighting === 'absent') return;
  if (sighting === 'unknown-state') tally.unknownState += amount;
  else if (sighting === 'missing-state') tally.missingState += amount;
  else if (sighting === 'not-a-hash') tally.notAHash += amount;
  else tally.states[sighting] += amount;
}

/** All task hashes, whatever their state. A `task:*` key that is no hash is no task. */
export function tasksInTally(tally: Tally): number {
  const inStates = Object.values(tally.states).reduce((sum, count) => sum + count, 0);
  return inStates + tally.unknownState + tally.missingState;
}
