import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { counterValue, isInt64, parseCounter } from './counters.js';

const read = (text: string) => parseCounter(Buffer.from(text));

describe('a counter', () => {
  test('that is absent is missing, and stands for 0', () => {
    expect(parseCounter(null)).toEqual({ kind: 'missing' });
    expect(counterValue({ kind: 'missing' })).toBe(0n);
  });

  test('is any integer of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(read(String(value))).toEqual({ kind: 'integer', value });
        expect(counterValue(read(String(value)))).toBe(value);
      }),
    );
  });

  test.each(['9223372036854775808', '-9223372036854775809', '99999999999999999999999'])(
    'that INCRBY could not hold is text: %s',
    (text) => {
      expect(read(text)).toEqual({ kind: 'text', bytes: Buffer.from(text) });
    },
  );

  test.each(['', ' 4', '4 ', '4\n', '+4', '04', '-0', '-', '4.0', '4e2', '0x4', 'abc', '٤', '1,000'])(
    'that INCRBY would refuse is text: %j',
    (text) => {
      expect(read(text)).toEqual({ kind: 'text', bytes: Buffer.from(text) });
      expect(counterValue(read(text))).toBeUndefined();
    },
  );

  test('keeps bytes that are no text', () => {
    const bytes = Buffer.from([0x34, 0x00, 0xff]);
    expect(parseCounter(bytes)).toEqual({ kind: 'text', bytes });
  });

  test('that is no string means nothing', () => {
    expect(counterValue({ kind: 'wrong-type', type: 'list' })).toBeUndefined();
  });
});

test('64 bits end at 2^63 - 1 and -2^63', () => {
  expect([2n ** 63n - 1n, -(2n ** 63n)].map(isInt64)).toEqual([true, true]);
  expect([2n ** 63n, -(2n ** 63n) - 1n].map(isInt64)).toEqual([false, false]);
});
