import { perState } from '../count-states.js';
import type { State } from '../keys.js';
import { FAULTS, type Fault, PLACES, type Place } from './seed-options.js';

/** At most this many ids of COMPLETED tasks are kept, so that a manifest of a million tasks stays small. */
export const COMPLETED_IDS_KEPT = 1000;

/** What `seedAsyncTaskFlow` wrote. */
export interface SeedManifest {
  seed: number;
  now: Date;
  /** Task hashes altogether: healthy ones and those of faults, whatever their state. */
  tasks: number;
  /** Task hashes in each state, faults included: what exact counters say. */
  states: Record<State, number>;
  /** The counters as they were left, raw; null where there is none. */
  counters: Record<State, string | null>;
  /** Ids of healthy tasks by the place where they are; of COMPLETED the first thousand. */
  ids: Record<Place, string[]>;
  /** Ids of each fault (of `notAHash` the part after `task:`). */
  faults: Record<Fault, string[]>;
  /** For ghost, stale and duplicate entries: the key of the list or sorted set that holds the id. */
  queueOf: Record<string, string>;
  /** Workers with a live heartbeat. */
  workers: string[];
  /** Keys that are not AsyncTaskFlow's. */
  foreignKeys: string[];
}

const emptyLists = <K extends string>(names: readonly K[]): Record<K, string[]> =>
  Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, string[]>;

export function emptyManifest(seed: number, now: Date): SeedManifest {
  return {
    seed,
    now,
    tasks: 0,
    states: perState(() => 0),
    counters: perState(() => null),
    ids: emptyLists(PLACES),
    faults: emptyLists(FAULTS),
    queueOf: {},
    workers: [],
    foreignKeys: [],
  };
}
