import { depsOf, openTaskCounter, type Redis, type StateCounter, targetOf } from '@atf/core';
import { counterKey } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

const redis = useEmptyRedis();
const KEY = counterKey('ACTIVE');

async function readCounter(): Promise<StateCounter> {
  const taskCounter = openTaskCounter(depsOf(targetOf(redis.client as unknown as Redis)));
  return (await taskCounter.take()).counters.ACTIVE;
}

describe('a state counter', () => {
  test('that does not exist is missing', async () => {
    expect(await readCounter()).toEqual({ kind: 'missing' });
  });

  test('that is no string has the wrong type', async () => {
    await redis.client.rPush(KEY, 'x');
    expect(await readCounter()).toEqual({ kind: 'wrong-type', type: 'list' });
  });

  test('is an integer if it is a plain number of at most 18 characters', async () => {
    const limit = fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 18n - 1n });
    const property = fc.asyncProperty(limit, async (value) => {
      await redis.client.set(KEY, String(value));
      expect(await readCounter()).toEqual({ kind: 'integer', value });
    });
    await fc.assert(property, { examples: [[0n], [10n ** 18n - 1n], [-(10n ** 17n) + 1n]], numRuns: 50 });
  });

  test.each([
    ...['', ' 4', '4 ', '4\n', '+4', '04', '-0', '-', '4.0', '4e2', '0x4', 'abc', '٤', '1,000'],
    ...['1000000000000000000', '-100000000000000000', '99999999999999999999999'],
  ])('is text if it is anything else: %j', async (text) => {
    await redis.client.set(KEY, text);
    expect(await readCounter()).toEqual({ kind: 'text', bytes: Buffer.from(text) });
  });

  test('keeps bytes that are no text', async () => {
    const bytes = Buffer.from([0x34, 0x00, 0xff]);
    await redis.client.set(KEY, bytes);
    expect(await readCounter()).toEqual({ kind: 'text', bytes });
  });
});
