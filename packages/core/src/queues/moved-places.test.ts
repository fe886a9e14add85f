import { expect, test } from '@jest/globals';
import { MovedPlaces } from './moved-places.js';

test('a place moves up by each removed entry that stood nearer to the tail', () => {
  const moved = new MovedPlaces();
  for (const removed of [7, 2, 5]) moved.remove(removed);
  expect([0, 1, 3, 6, 8].map((place) => moved.now(place))).toEqual([0, 1, 2, 4, 5]);
});

test('an entry that is removed twice counts once', () => {
  const moved = new MovedPlaces();
  moved.remove(3);
  moved.remove(3);
  expect(moved.now(10)).toBe(9);
});
