import { expect, test } from '@jest/globals';
import { scanFraction } from './scan-fraction.js';

/** The cursors of a table with so many buckets, in the order in which SCAN returns them. */
function cursors(bits: number): number[] {
  const reversed = (value: number) =>
    Number.parseInt(value.toString(2).padStart(bits, '0').split('').reverse().join(''), 2);
  return Array.from({ length: 2 ** bits }, (_, i) => reversed(i));
}

test.each([1, 3, 10])('the cursors of a table with 2^%d buckets rise evenly to 1', (bits) => {
  const [, ...after] = cursors(bits);
  expect([...after, 0].map((cursor) => scanFraction(String(cursor)))).toEqual(
    Array.from({ length: 2 ** bits }, (_, i) => (i + 1) / 2 ** bits),
  );
});

test('a cursor of 64 bits is read whole', () => {
  expect(scanFraction(String(2n ** 64n - 1n))).toBe(1);
  expect(scanFraction(String(2n ** 63n))).toBeCloseTo(0, 15);
});
