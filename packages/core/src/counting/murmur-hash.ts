const { imul } = Math;

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

function finalMix(word: number): number {
  let mixed = imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * MurmurHash3 x86_128, a published hash function: https://github.com/aappleby/smhasher/wiki/MurmurHash3.
 * The hash of the last call stays in four signed words: V8 stores those without creating an object.
 */
export class MurmurHash {
  h1 = 0;
  h2 = 0;
  h3 = 0;
  h4 = 0;

  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** Hashes the bytes from `from` up to `to`. All words stay signed and of 32 bits: other numbers would be objects. */
  update(bytes: Uint8Array, from = 0, to = bytes.length): void {
    const length = to - from;
    let h1 = this.#seed;
    let h2 = h1;
    let h3 = h1;
    let h4 = h1;
    let at = from;
    for (; at + 16 <= to; at += 16) {
      h1 ^= imul(rotate(imul(wordAt(bytes, at), C1), 15), C2);
      h1 = (imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
      h2 ^= imul(rotate(imul(wordAt(bytes, at + 4), C2), 16), C3);
      h2 = (imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
      h3 ^= imul(rotate(imul(wordAt(bytes, at + 8), C3), 17), C4);
      h3 = (imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
      h4 ^= imul(rotate(imul(wordAt(bytes, at + 12), C4), 18), C1);
      h4 = (imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
    }
    if (at + 12 < to) h4 ^= imul(rotate(imul(restAt(bytes, at + 12, to), C4), 18), C1);
    if (at + 8 < to) h3 ^= imul(rotate(imul(restAt(bytes, at + 8, to), C3), 17), C4);
    if (at + 4 < to) h2 ^= imul(rotate(imul(restAt(bytes, at + 4, to), C2), 16), C3);
    if (at < to) h1 ^= imul(rotate(imul(restAt(bytes, at, to), C1), 15), C2);

    const sum = ((h1 ^ length) + (h2 ^ length) + (h3 ^ length) + (h4 ^ length)) | 0;
    h1 = finalMix(sum);
    h2 = finalMix(((h2 ^ length) + sum) | 0);
    h3 = finalMix(((h3 ^ length) + sum) | 0);
    h4 = finalMix(((h4 ^ length) + sum) | 0);
    this.h1 = (h1 + h2 + h3 + h4) | 0;
    this.h2 = (h2 + this.h1) | 0;
    this.h3 = (h3 + this.h1) | 0;
    this.h4 = (h4 + this.h1) | 0;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Up to four bytes before `to`, as a word. */
function restAt(bytes: Uint8Array, at: number, to: number): number {
  let word = 0;
  for (let i = Math.min(at + 4, to) - 1; i >= at; i--) word = (word << 8) | bytes[i]!;
  return word;
}
