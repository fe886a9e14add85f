import { randomUUID } from 'node:crypto';
import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CompactKeyMap } from './compact-key-map.js';

const keyOf = (text: string | number) => Buffer.from(`task:${text}`);

/** Bytes held by typed arrays, after a collection. */
function arrayBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return memoryUsage().arrayBuffers;
}

describe('a keyMap without a bound', () => {
  test('is like a map from keys to codes', () => {
    const key = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 50 }));
    const notes = fc.array(fc.tuple(key, fc.integer({ min: 0, max: 15 })), { maxLength: 300 });
    fc.assert(
      fc.property(notes, (noted) => {
        const keyMap = new CompactKeyMap();
        const map = new Map<string, number>();
        for (const [bytes, code] of noted) {
          const name = Buffer.from(bytes).toString('hex');
          expect(keyMap.note(bytes, code)).toBe(map.get(name) ?? 0);
          map.set(name, code);
        }
      }),
    );
  });

  test('keeps every code while it grows', () => {
    const keyMap = new CompactKeyMap();
    for (let i = 0; i < 100_000; i++) keyMap.note(keyOf(i), (i % 15) + 1);
    let wrong = 0;
    for (let i = 0; i < 100_000; i++) if (keyMap.note(keyOf(i), 0) !== (i % 15) + 1) wrong++;
    expect(wrong).toBe(0);
  });

  test.each([
    ['random uuids', () => randomUUID()],
    ['numbers in sequence', (i: number) => String(i)],
    [
      'uuids that differ at their end only',
      (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    ],
  ])('takes no two of two million keys for one: %s', (_, name) => {
    const keyMap = new CompactKeyMap();
    const key = Buffer.alloc(41);
    let repeats = 0;
    for (let i = 0; i < 2_000_000; i++) {
      const length = key.write(name(i), 0, 'latin1');
      repeats += keyMap.note(key.subarray(0, length), 1);
    }
    expect(repeats).toBe(0);
  });
});

describe('a keyMap with a bound', () => {
  test.each([1, 2, 3, 100, 4_096])(
    'of %i remembers the last keys up to it, in whatever number they came',
    (bound) => {
      for (const noted of [1, bound - 1, bound, bound + 1, 2 * bound, 2 * bound + 1, 7 * bound + 3]) {
        const keyMap = new CompactKeyMap({ bound });
        for (let i = 0; i < noted; i++) keyMap.note(keyOf(i), (i % 15) + 1);
        const last = Array.from({ length: Math.min(bound, noted) }, (_, i) => noted - 1 - i);
        expect(last.filter((i) => keyMap.note(keyOf(i), (i % 15) + 1) !== (i % 15) + 1)).toEqual([]);
      }
    },
  );

  test('remembers the last keys up to it also where keys come again', () => {
    const notes = fc.array(fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 1, max: 15 })), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), notes, (bound, noted) => {
        const keyMap = new CompactKeyMap({ bound });
        const map = new Map<number, number>();
        for (const [key, code] of noted) {
          const isRecent = [...map.keys()].slice(-bound).includes(key);
          const before = map.get(key) ?? 0;
          expect(isRecent ? [before] : [before, 0]).toContain(keyMap.note(keyOf(key), code));
          map.delete(key);
          map.set(key, code);
        }
      }),
    );
  });

  test('needs the same memory for ever, below 5 MB for 65,536 keys', () => {
    const before = arrayBytes();
    const keyMap = new CompactKeyMap({ bound: 65_536 });
    const key = Buffer.alloc(16);
    for (let i = 0; i < 1_000_000; i++) {
      key.writeDoubleLE(i);
      keyMap.note(key, 1);
    }
    expect(arrayBytes() - before).toBeLessThan(5_000_000);
    expect(keyMap.note(key, 1)).toBe(1);
  });
});

test('a code is read without noting anything', () => {
  const keyMap = new CompactKeyMap({ bound: 2 });
  expect(keyMap.codeOf(Buffer.from('a'))).toBe(0);
  for (const [i, key] of ['a', 'b', 'c'].entries()) keyMap.note(Buffer.from(key), i + 1);
  expect(['a', 'b', 'c', 'd'].map((key) => keyMap.codeOf(Buffer.from(key)))).toEqual([1, 2, 3, 0]);
});
