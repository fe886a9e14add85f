import { keyName } from '../model/key-name.js';
import { addToCounts, emptyCounts, OBSERVED_STATES, type OddKey } from '../model/task-counts.js';
import { CompactKeyMap } from './compact-key-map.js';
import { isOdd, namedOddKeys, type ObservedTasks, observedStateOfCode } from './observed-states.js';
import { ODD_KEYS_NAMED } from './snapshot.js';

/**
 * The last observedState of every task, and their counts. A key that is seen again replaces its earlier observedState, so a
 * key that SCAN returns twice counts once.
 */
export class TaskStateMap {
  readonly counts = emptyCounts();
  readonly #keyMap: CompactKeyMap;
  readonly #oddKeys = new Map<string, OddKey>();

  constructor(options: { bound?: number } = {}) {
    this.#keyMap = new CompactKeyMap(options);
  }

  /** True once the earlier observedState of a key may be forgotten: see {@link CompactKeyMap}. */
  get forgot(): boolean {
    return this.#keyMap.forgot;
  }

  get oddKeys(): OddKey[] {
    return [...this.#oddKeys.values()];
  }

  note(observed: ObservedTasks): void {
    const { keys, codes } = observed;
    const changes = new Int32Array(OBSERVED_STATES.length);
    this.#keyMap.noteEach(keys, codes, (index, before) => {
      changes[before]!--;
      changes[codes[index]!]!++;
      if (isOdd(observedStateOfCode(before))) this.#oddKeys.delete(keyName(keys.at(index)));
    });
    for (const [code, change] of changes.entries())
      addToCounts(this.counts, observedStateOfCode(code), change);
    for (const odd of namedOddKeys(observed)) {
      if (this.#oddKeys.size < ODD_KEYS_NAMED) this.#oddKeys.set(odd.key, odd);
    }
  }
}
