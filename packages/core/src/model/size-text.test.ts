import { describe, expect, test } from '@jest/globals';
import { sizeText } from './size-text.js';

describe('a size', () => {
  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [99_440, '99.4 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [125_000_000, '125 MB'],
    [1_700_000_000, '1.7 GB'],
    [5e15, '5000 TB'],
  ])('of %d bytes is %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
