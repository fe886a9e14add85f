import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesText } from './bytes.js';

describe('bytes as text', () => {
  test('are themselves where they are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(bytesText(Buffer.from(text, 'utf8'))).toBe(text);
      }),
    );
  });

  test('keep a byte order mark: the key with it is another key', () => {
    expect(bytesText(Buffer.from('\ufefftask:1'))).toBe('\ufefftask:1');
  });

  test('show what is no ASCII as \\xNN, and double the backslash, where they are not UTF-8', () => {
    expect(bytesText(Buffer.from('task:\xff\x00\\é', 'latin1'))).toBe('task:\\xff\u0000\\\\\\xe9');
  });

  test('are whole where they are more than a piece', () => {
    expect(bytesText(Buffer.alloc(200_000, 'a\xff', 'latin1'))).toBe('a\\xff'.repeat(100_000));
  });

  test('of two different keys that are no UTF-8 are never the same', () => {
    const notUtf8 = fc.uint8Array({ maxLength: 6 }).map((tail) => Buffer.from([0xff, ...tail]));
    fc.assert(
      fc.property(notUtf8, notUtf8, (one, other) => {
        expect(bytesText(one) === bytesText(other)).toBe(one.equals(other));
      }),
    );
  });
});
