import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesText } from './bytes.js';
import { keyName } from './key-name.js';

const MB = 1024 * 1024;

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
    ['no UTF-8', Buffer.alloc(66 * MB, 0xff), '\\xff\\xff'],
    ['no UTF-8 at its end', Buffer.concat([Buffer.alloc(66 * MB, '\\'), Buffer.from([0xff])]), '\\\\\\\\'],
    ['UTF-8', Buffer.alloc(66 * MB, '☕'), '☕☕'],
  ])('of 66 MB that are %s costs no more than its beginning', (_, bytes, begins) => {
    const before = process.cpuUsage();
    const name = keyName(bytes);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
    expect([name.length, name.slice(0, begins.length)]).toEqual([1_000, begins]);
  });
});
