import { constants } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesText } from './bytes.js';
import { keyName } from './key-name.js';

/** Turned into text as a whole this would be an error. Zeros take no memory before they are written. */
const HUGE = constants.MAX_STRING_LENGTH + 1;

function hugeWith(position: number, byte: number): Buffer {
  const bytes = Buffer.alloc(HUGE);
  bytes[position] = byte;
  return bytes;
}

describe('a name in a report', () => {
  test('is the text of its bytes, whole where that is short', () => {
    for (const text of ['task:1', 'naïve ☕', '\ufeffa', '', 'x'.repeat(1_000)])
      expect(keyName(Buffer.from(text))).toBe(text);
    expect(keyName(Buffer.from('task:\xff\\', 'latin1'))).toBe('task:\\xff\\\\');
  });

  test('begins as the whole text does, and is cut with a mark', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 3 }),
      fc.constantFrom(Buffer.from('☕'), Buffer.from('😀')),
    );
    const long = fc
      .tuple(piece, fc.integer({ min: 0, max: 3_000 }), piece)
      .map(([repeated, times, last]) => Buffer.concat([...Array<Uint8Array>(times).fill(repeated), last]));
    fc.assert(
      fc.property(long, (bytes) => {
        const [name, whole] = [keyName(bytes), bytesText(bytes)];
        if (whole.length <= 1_000) return name === whole;
        return (
          name.endsWith('…') && [999, 1_000].includes(name.length) && whole.startsWith(name.slice(0, -1))
        );
      }),
    );
  });

  test('does not end in half a character', () => {
    expect(keyName(Buffer.from(`x${'😀'.repeat(2_000)}`))).toMatch(/^x(😀){499}…$/u);
    expect(keyName(Buffer.from('😀'.repeat(2_000)))).toMatch(/^(😀){499}…$/u);
  });

  test.each([
    ['no UTF-8', hugeWith(0, 0xff), '\\xff\0'],
    ['no UTF-8 at its end', hugeWith(HUGE - 1, 0xff), '\0\0'],
    ['UTF-8', hugeWith(0, 0x61), 'a\0'],
  ])('of more bytes than a string can hold, that are %s, is made of its beginning', (_, bytes, begins) => {
    const name = keyName(bytes);
    expect([name.length, name.slice(0, begins.length)]).toEqual([1_000, begins]);
  });
});
