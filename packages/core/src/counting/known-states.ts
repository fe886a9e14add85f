import { randomInt } from 'node:crypto';
import { keyName } from '../model/key-name.js';
import {
  addToCounts,
  emptyCounts,
  OBSERVED_STATES,
  type OddKey,
  type TaskCounts,
  tasksInCounts,
} from '../model/task-counts.js';
import { CompactKeyMap } from './compact-key-map.js';
import { namedOddKeys, type ObservedTasks, observedStateOfCode } from './observed-state.js';
import { ScannedStates } from './scanned-states.js';
import { ODD_KEYS_NAMED } from './snapshot.js';

/** The code of a task that does not exist. */
export const ABSENT = 0;
/** SCAN repeats keys only from close by: see {@link CompactKeyMap}. */
const REPEATS_WITHIN = 65_536;

/**
 * The state of every task, as counts per state. The scan adds each task once. A task that has changed is read again, and the
 * state read last replaces the state that the scan has counted.
 *
 * Only the tasks that change are kept one by one. The scanned state of such a task is searched for when a count is wanted.
 */
export class KnownStates {
  readonly #counts = new Float64Array(OBSERVED_STATES.length);
  readonly #seed = randomInt(2 ** 32);
  readonly #scanned = new ScannedStates(this.#seed);
  readonly #recent = new CompactKeyMap({ bound: REPEATS_WITHIN, seed: this.#seed });
  /** The codes of the tasks that were read again, by key. */
  readonly #read = new Map<string, number>();
  /** Those of them whose scanned state is still in the counts. */
  readonly #toReplace = new Set<string>();
  readonly #oddKeys = new Map<string, OddKey>();

  /** All tasks so far. */
  get tasks(): number {
    return tasksInCounts(this.#asTaskCounts());
  }

  get oddKeys(): OddKey[] {
    return [...this.#oddKeys.values()];
  }

  /** Counts the tasks of a page of the scan, without those that `skip` names by their index. */
  addScanned(observed: ObservedTasks, skip: ReadonlySet<number>): void {
    const { keys, codes } = observed;
    this.#recent.noteNew(keys, (index, hash) => {
      const code = codes[index]!;
      if (code === ABSENT || skip.has(index)) return;
      this.#scanned.append(hash, code);
      this.#counts[code]!++;
    });
    this.#nameOddKeys(observed);
  }

  /** Replaces the states of some tasks by the states that were read now. */
  replace({ keys, codes, labels }: ObservedTasks): void {
    for (const [index, code] of codes.entries()) {
      const key = keys.at(index);
      this.replaceOne(key.toString('latin1'), code);
      if (this.#oddKeys.size > 0) this.#oddKeys.delete(keyName(key));
    }
    this.#nameOddKeys({ keys, codes, labels });
  }

  /** The same for one task; its key is in latin1. */
  replaceOne(key: string, code: number): void {
    const before = this.#read.get(key);
    this.#read.set(key, code);
    if (before === undefined) this.#toReplace.add(key);
    else if (!this.#toReplace.has(key)) {
      this.#counts[before]!--;
      this.#counts[code]!++;
    }
  }

  /**
   * The counts of the states known last, once the scan has ended. Cost: a search in all scanned states, if some tasks were
   * read for the first time.
   */
  counts(): TaskCounts {
    const keys = [...this.#toReplace];
    const scanned = this.#scanned.search(keys.map((key) => Buffer.from(key, 'latin1')));
    for (const [i, key] of keys.entries()) {
      for (const code of scanned[i]!) this.#counts[code]!--;
      this.#counts[this.#read.get(key)!]!++;
    }
    this.#toReplace.clear();
    return this.#asTaskCounts();
  }

  close(): void {
    this.#scanned.close();
  }

  #nameOddKeys(observed: ObservedTasks): void {
    if (this.#oddKeys.size >= ODD_KEYS_NAMED) return;
    const room = ODD_KEYS_NAMED - this.#oddKeys.size;
    for (const odd of namedOddKeys(observed).slice(0, room)) this.#oddKeys.set(odd.key, odd);
  }

  #asTaskCounts(): TaskCounts {
    const counts = emptyCounts();
    for (const [code, count] of this.#counts.entries()) addToCounts(counts, observedStateOfCode(code), count);
    return counts;
  }
}
