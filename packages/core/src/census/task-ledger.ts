import { addToTally, emptyTally, type OddKey, SIGHTINGS } from '../model/tally.js';
import { keyName } from '../report/key-name.js';
import { ODD_KEYS_NAMED } from './cut.js';
import { KeyLedger } from './key-ledger.js';
import { isOdd, namedOddKeys, type Sightings, sightingOfCode } from './sightings.js';

/**
 * The last sighting of every task, and their tally. A key that is seen again replaces its earlier sighting, so a
 * key that SCAN returns twice counts once.
 */
export class TaskLedger {
  readonly tally = emptyTally();
  readonly #ledger: KeyLedger;
  readonly #oddKeys = new Map<string, OddKey>();

  constructor(options: { bound?: number } = {}) {
    this.#ledger = new KeyLedger(options);
  }

  /** True once the earlier sighting of a key may be forgotten: see {@link KeyLedger}. */
  get forgot(): boolean {
    return this.#ledger.forgot;
  }

  get oddKeys(): OddKey[] {
    return [...this.#oddKeys.values()];
  }

  note(sightings: Sightings): void {
    const { keys, codes } = sightings;
    const changes = new Int32Array(SIGHTINGS.length);
    this.#ledger.noteEach(keys, codes, (place, before) => {
      changes[before]!--;
      changes[codes[place]!]!++;
      if (isOdd(sightingOfCode(before))) this.#oddKeys.delete(keyName(keys.at(place)));
    });
    for (const [code, change] of changes.entries()) addToTally(this.tally, sightingOfCode(code), change);
    for (const odd of namedOddKeys(sightings)) {
      if (this.#oddKeys.size < ODD_KEYS_NAMED) this.#oddKeys.set(odd.key, odd);
    }
  }
}
