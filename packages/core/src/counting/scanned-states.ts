import { MurmurHash } from './murmur-hash.js';
import { TemporaryFile } from './temporary-file.js';

/** Tasks in one chunk: half a megabyte. */
const CHUNK = 65_536;
const CODE_BITS = 4;
const CODE_MASK = (1 << CODE_BITS) - 1;
const LOW_BITS = 0xffff;

export interface ScannedStatesOptions {
  /** How many chunks stay in memory. The others go to a file. Default 16: a million tasks, 8 MB. */
  chunksInMemory?: number;
  /** Where the file is made. Default: the temporary folder. */
  folder?: string;
}

/**
 * The state that the scan read of each task, in 8 bytes: 60 bits of a hash of its key, and a code of 4 bits. States can be
 * appended, and some keys can be searched for in all of them, which takes about 10 ms per million tasks. With more than
 * a million tasks, most of it is in a temporary file. If no such file can be made, all stays in memory.
 *
 * One task is mistaken for another if 60 bits of their seeded hashes agree. With 10 million tasks of which 20,000 change,
 * that happens in one of five million runs.
 */
export class ScannedStates {
  readonly #hash: MurmurHash;
  readonly #chunksInMemory: number;
  readonly #file: TemporaryFile;
  readonly #chunks: Int32Array[] = [];
  #chunk = new Int32Array(CHUNK * 2);
  #used = 0;

  /** `append` gets hashes, and `search` computes hashes of its own. Both must have this seed. */
  constructor(seed: number, { chunksInMemory = 16, folder }: ScannedStatesOptions = {}) {
    this.#hash = new MurmurHash(seed);
    this.#chunksInMemory = chunksInMemory;
    this.#file = new TemporaryFile(folder);
  }

  /** Appends the state of the key that was hashed. */
  append({ h1, h2 }: Readonly<MurmurHash>, code: number): void {
    this.#chunk[this.#used++] = (h1 & ~CODE_MASK) | code;
    this.#chunk[this.#used++] = h2;
    if (this.#used === this.#chunk.length) this.#finishChunk();
  }

  #finishChunk(): void {
    this.#used = 0;
    if (this.#chunks.length >= this.#chunksInMemory && this.#file.append(this.#chunk)) return;
    this.#chunks.push(this.#chunk);
    this.#chunk = new Int32Array(CHUNK * 2);
  }

  /** The codes that were appended for each of some keys: one, or none if the scan did not meet the key. */
  search(keys: readonly Uint8Array[]): number[][] {
    const found: number[][] = keys.map(() => []);
    if (keys.length === 0) return found;
    const wanted = new Map<number, { high: number; codes: number[] }[]>();
    const mayBeWanted = new Uint8Array(LOW_BITS + 1);
    for (const [i, key] of keys.entries()) {
      this.#hash.update(key);
      const { h1, h2 } = this.#hash;
      mayBeWanted[h2 & LOW_BITS] = 1;
      const same = wanted.get(h2) ?? [];
      wanted.set(h2, [...same, { high: h1 >>> CODE_BITS, codes: found[i]! }]);
    }
    for (const [words, used] of this.#allChunks()) {
      for (let i = 0; i < used; i += 2) {
        if (mayBeWanted[words[i + 1]! & LOW_BITS] === 0) continue;
        for (const { high, codes } of wanted.get(words[i + 1]!) ?? []) {
          if (words[i]! >>> CODE_BITS === high) codes.push(words[i]! & CODE_MASK);
        }
      }
    }
    return found;
  }

  *#allChunks(): Generator<[words: Int32Array, used: number]> {
    for (const chunk of this.#chunks) yield [chunk, chunk.length];
    const buffer = new Int32Array(CHUNK * 2);
    for (let at = 0; at < this.#file.size; at += buffer.byteLength) {
      this.#file.read(buffer, at);
      yield [buffer, buffer.length];
    }
    yield [this.#chunk, this.#used];
  }

  /** Removes the file. */
  close(): void {
    this.#file.close();
  }
}
