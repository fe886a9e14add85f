import { describe, expect, test } from '@jest/globals';
import { median, medianRatio, percentile } from './statistics.js';

describe('statistics', () => {
  test.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
    [[10, 9, 1_000], 10],
  ])('the median of %j is %d', (numbers, expected) => {
    expect(median(numbers)).toBe(expected);
  });

  test.each([
    [99, 99],
    [100, 100],
    [50, 50],
    [1, 1],
  ])('the %dth percentile of 1 to 100 is %d', (percent, expected) => {
    const numbers = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(numbers, percent)).toBe(expected);
  });

  test('a median ratio is that of pairs, not of medians', () => {
    expect(
      medianRatio([
        [2, 1],
        [40, 20],
        [9, 3],
      ]),
    ).toBe(2);
  });

  test('of nothing there is no number', () => {
    expect([median([]), percentile([], 99)]).toEqual([Number.NaN, Number.NaN]);
  });
});
