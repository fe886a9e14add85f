/** What `pack_keys` of `pack-keys.lua` returns. */
export type PackedKeys = Buffer | readonly Buffer[];

/** Some keys, which may all lie in one piece of memory: a Buffer for each would cost more than all that is done with it. */
export class KeyPage implements Iterable<Buffer> {
  readonly #keys: PackedKeys;
  /** Bytes of each key where they lie in one piece. */
  readonly #width: number;

  constructor(
    keys: PackedKeys,
    /** How many they are. */
    readonly length: number,
  ) {
    this.#keys = keys;
    this.#width = Buffer.isBuffer(keys) && length > 0 ? keys.length / length : 0;
  }

  /** The key at a place, without a copy of its bytes. */
  at(place: number): Buffer {
    if (!Buffer.isBuffer(this.#keys)) return this.#keys[place]!;
    return this.#keys.subarray(place * this.#width, (place + 1) * this.#width);
  }

  /** Calls back with each key as a piece of some bytes, `from` up to `to`. */
  forEach(each: (bytes: Buffer, from: number, to: number, place: number) => void): void {
    for (let place = 0; place < this.length; place++) {
      if (Buffer.isBuffer(this.#keys)) {
        each(this.#keys, place * this.#width, (place + 1) * this.#width, place);
      } else {
        const key = this.#keys[place]!;
        each(key, 0, key.length, place);
      }
    }
  }

  *[Symbol.iterator](): Iterator<Buffer> {
    for (let place = 0; place < this.length; place++) yield this.at(place);
  }
}
