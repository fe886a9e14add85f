/** What `pack_keys` of `pack-keys.lua` returns. */
export type PackedKeys = Buffer | readonly Buffer[];

/**
 * Some keys. They may all be in one Buffer, because a Buffer for each key would cost more than all the work on the keys.
 */
export class KeyPage implements Iterable<Buffer> {
  readonly #keys: PackedKeys;
  /** The bytes of each key if all keys are in one Buffer. */
  readonly #width: number;

  constructor(
    keys: PackedKeys,
    /** How many keys there are. */
    readonly length: number,
  ) {
    this.#keys = keys;
    this.#width = Buffer.isBuffer(keys) && length > 0 ? keys.length / length : 0;
  }

  get byteLength(): number {
    return Buffer.isBuffer(this.#keys)
      ? this.#keys.length
      : this.#keys.reduce((sum, key) => sum + key.length, 0);
  }

  /** The key at an index. Its bytes are not copied. */
  at(index: number): Buffer {
    if (!Buffer.isBuffer(this.#keys)) return this.#keys[index]!;
    return this.#keys.subarray(index * this.#width, (index + 1) * this.#width);
  }

  /** A copy of the keys at some indexes, which does not keep the reply. */
  pick(indexes: readonly number[]): KeyPage {
    const keys = indexes.map((index) => this.at(index));
    const copy = Buffer.isBuffer(this.#keys) ? Buffer.concat(keys) : keys.map((key) => Buffer.from(key));
    return new KeyPage(copy, keys.length);
  }

  /** Calls back with each key: it is the part of `bytes` from `from` up to `to`. */
  forEach(each: (bytes: Buffer, from: number, to: number, index: number) => void): void {
    for (let index = 0; index < this.length; index++) {
      if (Buffer.isBuffer(this.#keys)) {
        each(this.#keys, index * this.#width, (index + 1) * this.#width, index);
      } else {
        const key = this.#keys[index]!;
        each(key, 0, key.length, index);
      }
    }
  }

  *[Symbol.iterator](): Iterator<Buffer> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }
}
