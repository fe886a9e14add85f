import { getRandomValues } from 'node:crypto';
import type { KeyPage } from '../redis/key-page.js';

const { imul } = Math;

const CODE_BITS = 4;
const CODE_MASK = (1 << CODE_BITS) - 1;

/** Slots of an open-addressed table: 60 bits of a key's hash and 4 bits of code, 8 bytes a slot. */
class Slots {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  used = 0;

  constructor(readonly capacity: number) {
    this.high = new Uint32Array(capacity);
    this.low = new Uint32Array(capacity);
  }

  /** Itself, empty: new ones would be megabytes for the garbage collector, which is in no hurry. */
  cleared(): this {
    this.high.fill(0);
    this.low.fill(0);
    this.used = 0;
    return this;
  }

  /** The slot of a hash: where it stands, or the free one where it would. A free slot has `low` 0. */
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
 * Remembers a code of 0 to 15 for each key that it met, in about 16 bytes a key instead of the key itself.
 *
 * With a bound it remembers at least the last `bound` keys, in constant memory (below 5 MB for 65,536). That finds
 * the repeats of a SCAN: they come from the buckets next to the cursor when the key table shrinks, so 65,536 keys
 * back is enough until a table of n keys shrinks to less than n / 65,536 within one scan.
 *
 * Two keys are taken for one where 60 bits of a randomly seeded hash agree: for a million keys, in less than one
 * of a million runs.
 */
export class CompactKeyMap {
  /** True once a key may have been forgotten: from then on an unknown key proves nothing. */
  forgot = false;

  #current: Slots;
  #previous: Slots | undefined;
  #high = 0;
  #low = 0;
  readonly #bound: number;
  readonly #seeds = getRandomValues(new Uint32Array(2));

  constructor({ bound = Number.POSITIVE_INFINITY }: { bound?: number } = {}) {
    this.#bound = bound;
    this.#current = new Slots(Number.isFinite(bound) ? 2 ** Math.ceil(Math.log2(bound * 1.5)) : 4096);
  }

  /** The code that was noted last for a key, 0 where there is none or it is forgotten. */
  codeOf(key: Uint8Array): number {
    this.#hash(key, 0, key.length);
    const code = codeIn(this.#current, this.#current.find(this.#high, this.#low));
    if (code !== 0 || !this.#previous) return code;
    return codeIn(this.#previous, this.#previous.find(this.#high, this.#low));
  }

  /** Notes a key's code and returns the one noted before, 0 for a key that is new or forgotten. */
  note(key: Uint8Array, code: number): number {
    this.#hash(key, 0, key.length);
    return this.#noteHashed(code);
  }

  /** Notes a code for each key of a page, and calls back where it was another before. */
  noteEach(keys: KeyPage, codes: Uint8Array, changed: (place: number, before: number) => void): void {
    keys.forEach((bytes, from, to, place) => {
      this.#hash(bytes, from, to);
      const before = this.#noteHashed(codes[place]!);
      if (before !== codes[place]) changed(place, before);
    });
  }

  /** Notes the code 1 for all keys of a page, and calls back for each that is new or was forgotten. */
  noteNew(keys: KeyPage, isNew: (place: number) => void): void {
    keys.forEach((bytes, from, to, place) => {
      this.#hash(bytes, from, to);
      if (this.#noteHashed(1) === 0) isNew(place);
    });
  }

  #noteHashed(code: number): number {
    let slot = this.#current.find(this.#high, this.#low);
    if (this.#current.low[slot] !== 0) return replaceCode(this.#current, slot, code);
    // What is noted again stands in the younger generation from now on, else it would be forgotten too early.
    const before = this.#previous ? codeIn(this.#previous, this.#previous.find(this.#high, this.#low)) : 0;
    if (this.#makeRoom()) slot = this.#current.find(this.#high, this.#low);
    this.#current.high[slot] = this.#high | code;
    this.#current.low[slot] = this.#low;
    this.#current.used++;
    return before;
  }

  /** Forgets the older generation, or grows; returns whether slots moved. */
  #makeRoom(): boolean {
    const { used, capacity } = this.#current;
    if (used >= this.#bound) {
      const forgotten = this.#previous;
      this.forgot ||= forgotten !== undefined;
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

  /** Two multiplicative hashes of 32 bits, four bytes a step, mixed at the end; the code's bits are left free. */
  #hash(bytes: Uint8Array, from: number, to: number): void {
    let a = this.#seeds[0]! ^ (to - from);
    let b = this.#seeds[1]!;
    let at = from;
    // Rotated, because a product carries nothing down to the lower bits.
    for (; at + 4 <= to; at += 4) {
      const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      a = imul((a << 13) ^ (a >>> 19) ^ word, 0x9e3779b1);
      b = imul((b << 7) ^ (b >>> 25) ^ word, 0x5f356495);
    }
    for (; at < to; at++) {
      a = imul((a << 13) ^ (a >>> 19) ^ bytes[at]!, 0x9e3779b1);
      b = imul((b << 7) ^ (b >>> 25) ^ bytes[at]!, 0x5f356495);
    }
    a = imul(a ^ (a >>> 16), 0x85ebca6b) ^ imul(b ^ (b >>> 13), 0xc2b2ae35);
    b = imul(b ^ (b >>> 16), 0x85ebca6b) ^ imul(a ^ (a >>> 13), 0xc2b2ae35);
    this.#high = (a & ~CODE_MASK) >>> 0;
    this.#low = b >>> 0 || 1;
  }
}

/** The code in a slot; 0 in a free one. */
function codeIn({ high }: Slots, slot: number): number {
  return high[slot]! & CODE_MASK;
}

function replaceCode(slots: Slots, slot: number, code: number): number {
  const before = codeIn(slots, slot);
  slots.high[slot] = ((slots.high[slot]! & ~CODE_MASK) | code) >>> 0;
  return before;
}
