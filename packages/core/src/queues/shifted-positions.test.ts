import { expect, test } from '@jest/globals';
import { ShiftedPositions } from './shifted-positions.js';

test('a position moves up by each removed entry that was nearer to the tail', () => {
  const shifted = new ShiftedPositions();
  for (const removed of [7, 2, 5]) shifted.remove(removed);
  expect([0, 1, 3, 6, 8].map((position) => shifted.now(position))).toEqual([0, 1, 2, 4, 5]);
});

test('an entry that is removed twice counts once', () => {
  const shifted = new ShiftedPositions();
  shifted.remove(3);
  shifted.remove(3);
  expect(shifted.now(10)).toBe(9);
});
