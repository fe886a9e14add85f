import { randomInt } from 'node:crypto';
import type { KeyPage } from '../redis/key-page.js';
import { MurmurHash } from './murmur-hash.js';

const CODE_BITS = 4;
const CODE_MASK = (1 << CODE_BITS) - 1;

/** The slots of an open-addressed hash table. A slot holds 60 bits of a key's hash and a code of 4 bits: 8 bytes. */
class Slots {
  readonly high: Int32Array;
  readonly low: Int32Array;
  used = 0;

  constructor(readonly capacity: number) {
    this.high = new Int32Array(capacity);
    this.low = new Int32Array(capacity);
  }

  /** Empties the table and returns it. A new table would be megabytes of garbage. */
  cleared(): this {
    this.high.fill(0);
    this.low.fill(0);
    this.used = 0;
    return this;
  }

  /** The slot that holds a hash, or the free slot for it. A free slot has `low` 0. */
  find(high: number, low: number): number {
    const mask = this.capacity - 1;
    let slot = (low ^ (high >>> CODE_BITS)) & mask;
    while (
      this.low[slot] !== 0 &&
      (this.low[slot] !== low || (this.high[slot]! ^ high) >>> CODE_BITS !== 0)
    ) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

/**
 * Maps keys to codes of 0 to 15 in about 16 bytes per key: it stores a hash instead of the key.
 *
 * With a bound, it remembers at least the last `bound` keys in constant memory (below 5 MB for 65,536). That is enough
 * to find the keys that SCAN returns twice. SCAN repeats keys only if the server's key table shrinks, and only from the
 * buckets next to the cursor. A repeat is missed only if the table shrinks to less than a 65,536th during one scan.
 *
 * Two keys are mistaken for one if 60 bits of their seeded hashes agree. With a million keys, that happens in less than
 * one of a million runs.
 */
export class CompactKeyMap {
  #current: Slots;
  #previous: Slots | undefined;
  #high = 0;
  #low = 0;
  readonly #bound: number;
  readonly #murmur: MurmurHash;

  constructor({
    bound = Number.POSITIVE_INFINITY,
    seed = randomInt(2 ** 32),
  }: { bound?: number; seed?: number } = {}) {
    this.#murmur = new MurmurHash(seed);
    this.#bound = bound;
    this.#current = new Slots(Number.isFinite(bound) ? 2 ** Math.ceil(Math.log2(bound * 1.5)) : 4096);
  }

  /** The last code of a key. It is 0 for a key that is unknown or forgotten. */
  codeOf(key: Uint8Array): number {
    this.#hash(key, 0, key.length);
    const code = codeIn(this.#current, this.#current.find(this.#high, this.#low));
    if (code !== 0 || !this.#previous) return code;
    return codeIn(this.#previous, this.#previous.find(this.#high, this.#low));
  }

  /** Notes a key's code and returns its code until now. That is 0 for a key that is new or forgotten. */
  note(key: Uint8Array, code: number): number {
    this.#hash(key, 0, key.length);
    return this.#noteHashed(code);
  }

  /** Notes the code 1 for all keys of a page, and calls back for each key that is new or forgotten, with its hash. */
  noteNew(keys: KeyPage, isNew: (index: number, hash: Readonly<MurmurHash>) => void): void {
    keys.forEach((bytes, from, to, index) => {
      this.#hash(bytes, from, to);
      if (this.#noteHashed(1) === 0) isNew(index, this.#murmur);
    });
  }

  #noteHashed(code: number): number {
    let slot = this.#current.find(this.#high, this.#low);
    if (this.#current.low[slot] !== 0) return replaceCode(this.#current, slot, code);
    // A key that is noted again moves to the younger generation. Otherwise it would be forgotten too early.
    const before = this.#previous ? codeIn(this.#previous, this.#previous.find(this.#high, this.#low)) : 0;
    if (this.#makeRoom()) slot = this.#current.find(this.#high, this.#low);
    this.#current.high[slot] = this.#high | code;
    this.#current.low[slot] = this.#low;
    this.#current.used++;
    return before;
  }

  /** Makes room for one more key: forgets the older generation, or grows. Returns true if slots have moved. */
  #makeRoom(): boolean {
    const { used, capacity } = this.#current;
    if (used >= this.#bound) {
      const forgotten = this.#previous;
      this.#previous = this.#current;
      this.#current = forgotten?.cleared() ?? new Slots(capacity);
      return true;
    }
    if (used < capacity * 0.7) return false;
    const grown = new Slots(capacity * 2);
    for (let slot = 0; slot < capacity; slot++) {
      if (this.#current.low[slot] === 0) continue;
      const target = grown.find(this.#current.high[slot]!, this.#current.low[slot]!);
      grown.high[target] = this.#current.high[slot]!;
      grown.low[target] = this.#current.low[slot]!;
    }
    grown.used = used;
    this.#current = grown;
    return true;
  }

  /** Takes 60 bits of a key's hash; the four bits of the code stay free. */
  #hash(key: Uint8Array, from: number, to: number): void {
    this.#murmur.update(key, from, to);
    this.#high = this.#murmur.h1 & ~CODE_MASK;
    this.#low = this.#murmur.h2 || 1;
  }
}

/** The code in a slot. It is 0 in a free slot. */
function codeIn({ high }: Slots, slot: number): number {
  return high[slot]! & CODE_MASK;
}

function replaceCode(slots: Slots, slot: number, code: number): number {
  const before = codeIn(slots, slot);
  slots.high[slot] = (slots.high[slot]! & ~CODE_MASK) | code;
  return before;
}
