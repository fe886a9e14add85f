import { expect, test } from '@jest/globals';
import { ExpiringTasks } from './expiring-tasks.js';

const BEGAN = 1_000_000;
const NOTHING = new Set<string>();

test('a task is due from a second before its expiry on, until it is known not to expire', () => {
  const expiring = new ExpiringTasks(BEGAN);
  expiring.note('a', BEGAN + 5_000);
  expect(expiring.dueAt(BEGAN + 3_999)).toEqual([]);
  expect(expiring.dueAt(BEGAN + 4_000)).toEqual(['a']);
  expiring.note('a', undefined);
  expect(expiring.dueAt(BEGAN + 9_000)).toEqual([]);
});

test('a moment is exact if each task that may have expired was read at it', () => {
  const expiring = new ExpiringTasks(BEGAN);
  expiring.note('a', BEGAN + 5_000);
  expect(expiring.isExactAt(BEGAN + 4_999, NOTHING)).toBe(true);
  expect(expiring.isExactAt(BEGAN + 5_000, NOTHING)).toBe(false);
  expect(expiring.isExactAt(BEGAN + 5_000, new Set(['a']))).toBe(true);
});

test('expiries far away are not kept: the count is outdated once the earliest of them comes', () => {
  const expiring = new ExpiringTasks(BEGAN);
  expect(expiring.mustKeep(BEGAN + 599_999)).toBe(true);
  expect(expiring.mustKeep(BEGAN + 900_000)).toBe(false);
  expect(expiring.mustKeep(BEGAN + 700_000)).toBe(false);
  expect([expiring.isOutdatedAt(BEGAN + 699_999), expiring.isOutdatedAt(BEGAN + 700_000)]).toEqual([
    false,
    true,
  ]);
  expect(expiring.isExactAt(BEGAN + 700_000, NOTHING)).toBe(false);
});
