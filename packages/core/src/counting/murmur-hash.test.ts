import { expect, test } from '@jest/globals';
import { MurmurHash } from './murmur-hash.js';

/** The hash as its 16 bytes. */
function hashBytes(bytes: Uint8Array, seed: number): Buffer {
  const hash = new MurmurHash(seed);
  hash.update(bytes);
  const digest = Buffer.alloc(16);
  for (const [i, word] of [hash.h1, hash.h2, hash.h3, hash.h4].entries()) digest.writeInt32LE(word, i * 4);
  return digest;
}

test("the hash has SMHasher's verification value of MurmurHash3 x86_128", () => {
  const hashes = Array.from({ length: 256 }, (_, length) => {
    const key = Uint8Array.from({ length }, (_, i) => i);
    return hashBytes(key, 256 - length);
  });
  expect(hashBytes(Buffer.concat(hashes), 0).readUInt32LE(0)).toBe(0xb3ece62a);
});

test.each([
  ['', 0, '00000000000000000000000000000000'],
  ['', 1, '88c4adec54d201b954d201b954d201b9'],
  ['Hello, world!', 123, '61c9129e5a1aacd7a41621629e37c886'],
])('the hash of %j with the seed %i is the published one', (text, seed, expected) => {
  expect(hashBytes(Buffer.from(text), seed).swap32().toString('hex')).toBe(expected);
});

test('the hash of a part is the hash of a copy of that part', () => {
  const bytes = Buffer.from('before task:7 after');
  const hash = new MurmurHash(7);
  hash.update(bytes, 7, 13);
  const part = hash.h1;
  hash.update(Buffer.from('task:7'));
  expect(hash.h1).toBe(part);
});
