import { describe, expect, test } from '@jest/globals';
import { isSameContent } from './same-content.js';

const dump = (...bytes: number[]) => Buffer.from([...bytes, 11, 0, ...Array<number>(8).fill(0)]);
const text = (value: string) => [value.length, ...Buffer.from(value)];

describe('two dumps', () => {
  test('of a hash hold the same in whatever order', () => {
    const [a, b] = [
      [...text('a'), ...text('1')],
      [...text('b'), ...text('2')],
    ];
    expect(isSameContent(dump(4, 2, ...a, ...b), dump(4, 2, ...b, ...a))).toBe(true);
    expect(isSameContent(dump(4, 2, ...a, ...b), dump(4, 2, ...a, ...text('b'), ...text('3')))).toBe(false);
  });

  test('of a string hold the same whether it was written as text or as a number', () => {
    expect(isSameContent(dump(0, 0xc0, 0xfb), dump(0, ...text('-5')))).toBe(true);
    expect(isSameContent(dump(0, 0xc1, 0x39, 0x30), dump(0, ...text('12345')))).toBe(true);
    expect(isSameContent(dump(0, 0xc0, 0xfb), dump(0, ...text('5')))).toBe(false);
  });

  test('of different types are not the same', () => {
    expect(isSameContent(dump(2, 1, ...text('a')), dump(18, 1, 1, ...text('a')))).toBe(false);
  });

  test.each([
    ['of a type that is not known', dump(99, 1), dump(99, 2)],
    ['that end too early', dump(0, 5, 1), dump(0, 6, 1)],
    ['with something behind', dump(0, 1, 1, 1), dump(0, 1, 1, 2)],
    ['that are none', Buffer.alloc(3), Buffer.alloc(4)],
  ])('%s are the same only where their bytes are', (_, a, b) => {
    expect([isSameContent(a, a), isSameContent(a, b)]).toEqual([true, false]);
  });
});
