import { expect, test } from '@jest/globals';
import { byteAt, digitsAt, isDigitAt } from './iso-digits.js';

test('digitsAt takes exactly as many ASCII digits as asked for', () => {
  expect(digitsAt('x0420', 1, 3)).toBe(42);
  expect(digitsAt('x04', 1, 3)).toBeUndefined();
  expect(digitsAt('\u0661\u0662', 0, 2)).toBeUndefined();
});

test('a text ends like one of C', () => {
  expect(byteAt('a', 1)).toBe('\0');
  expect(isDigitAt('1', 1)).toBe(false);
});
