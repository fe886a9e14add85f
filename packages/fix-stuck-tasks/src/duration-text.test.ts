import { expect, test } from '@jest/globals';
import { durationText } from './duration-text.js';

test.each([
  [-5, '0s'],
  [59.9, '59s'],
  [60, '1m'],
  [100, '1m 40s'],
  [720, '12m'],
  [3_600, '1h'],
  [8_040, '2h 14m'],
  [86_400, '1d'],
  [273_600, '3d 4h'],
])('%j s are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
