import { randomInt } from 'node:crypto';
import {
  addToCounts,
  emptyCounts,
  OBSERVED_STATES,
  type OddKey,
  type TaskCounts,
  tasksInCounts,
} from '../model/task-counts.js';
import { CompactKeyMap } from './compact-key-map.js';
import { type ObservedTasks, observedStateOfCode, oddKeysAmong } from './observed-state.js';
import { ScannedStates } from './scanned-states.js';
import { ODD_KEYS_NAMED } from './snapshot.js';

/** The code of a task that does not exist. */
export const ABSENT = 0;
/** SCAN repeats keys only from close by: see {@link CompactKeyMap}. */
const REPEATS_WITHIN = 65_536;

const keyOf = ({ keys }: ObservedTasks, index: number) => keys.at(index).toString('latin1');

/**
 * The state of every task, as it was read last, and the number of tasks in each state.
 *
 * The scan adds each task once, and only a hash of its key is kept. A task that changes is read again, and its key is kept from
 * then on. Its scanned state stays counted until `updateCounts`, because finding that state takes a search in all scanned states.
 * One search finds those of all such tasks.
 */
export class KnownStates {
  /** How many tasks are in each state, by the state's code. */
  readonly #counts = new Float64Array(OBSERVED_STATES.length);
  /** One seed for both: `#scanned` stores the hashes that `#recentlyScanned` computes. */
  readonly #seed = randomInt(2 ** 32);
  readonly #scanned = new ScannedStates(this.#seed);
  readonly #recentlyScanned = new CompactKeyMap({ bound: REPEATS_WITHIN, seed: this.#seed });
  /** The codes of the tasks that were read again, by key in latin1, as in all of the following. */
  readonly #lastRead = new Map<string, number>();
  /** Those of them that the counts still show in their scanned state, if the scan met them, and not in the state read last. */
  readonly #scannedStillCounted = new Set<string>();
  readonly #oddKeys = new Map<string, OddKey>();

  /** The number of tasks, for the progress: roughly, because states that were read again may not be in the counts yet. */
  get tasks(): number {
    return tasksInCounts(this.#asTaskCounts());
  }

  /** At most `ODD_KEYS_NAMED` of the keys that are in no state's count. */
  get oddKeys(): OddKey[] {
    return [...this.#oddKeys.values()];
  }

  /** Counts the tasks of a page of the scan, without those whose index is in `skip`. */
  addScanned(page: ObservedTasks, skip: ReadonlySet<number>): void {
    this.#recentlyScanned.noteNew(page.keys, (index, hash) => {
      const code = page.codes[index]!;
      if (code === ABSENT || skip.has(index)) return;
      this.#scanned.append(hash, code);
      this.#counts[code]!++;
    });
    this.#nameOddKeys(page);
  }

  /** Replaces the states of tasks that were read again: of all those observed, or of `only` some of them. */
  replace(observed: ObservedTasks, only?: ReadonlySet<string>): void {
    for (const [index, code] of observed.codes.entries()) {
      const key = keyOf(observed, index);
      if (only && !only.has(key)) continue;
      this.#replaceOne(key, code);
      this.#oddKeys.delete(key);
    }
    this.#nameOddKeys(observed, only);
  }

  #replaceOne(key: string, code: number): void {
    const before = this.#lastRead.get(key);
    this.#lastRead.set(key, code);
    if (before === undefined) this.#scannedStillCounted.add(key);
    if (before === undefined || this.#scannedStillCounted.has(key)) return;
    this.#counts[before]!--;
    this.#counts[code]!++;
  }

  /**
   * Brings the counts up to date, once the scan has ended, and returns them. Cost: a search in all scanned states, if some tasks
   * were read again for the first time.
   */
  updateCounts(): TaskCounts {
    const keys = [...this.#scannedStillCounted];
    const scanned = this.#scanned.search(keys.map((key) => Buffer.from(key, 'latin1')));
    for (const [i, key] of keys.entries()) {
      for (const code of scanned[i]!) this.#counts[code]!--;
      this.#counts[this.#lastRead.get(key)!]!++;
    }
    this.#scannedStillCounted.clear();
    return this.#asTaskCounts();
  }

  close(): void {
    this.#scanned.close();
  }

  #nameOddKeys(observed: ObservedTasks, only?: ReadonlySet<string>): void {
    if (this.#oddKeys.size >= ODD_KEYS_NAMED) return;
    for (const [index, oddKey] of oddKeysAmong(observed)) {
      const key = keyOf(observed, index);
      if (only && !only.has(key)) continue;
      this.#oddKeys.set(key, oddKey);
      if (this.#oddKeys.size >= ODD_KEYS_NAMED) return;
    }
  }

  #asTaskCounts(): TaskCounts {
    const counts = emptyCounts();
    for (const [code, count] of this.#counts.entries()) addToCounts(counts, observedStateOfCode(code), count);
    return counts;
  }
}
