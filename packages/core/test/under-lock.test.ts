import { depsOf, failureOf, loadScript, type Redis, runUnderLock, targetOf } from '@atf/core';
import { holdLock, LOCK_HOLDER, MAINTENANCE_LOCK } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import { takeMaintenanceLock } from '../src/redis/maintenance-lock.js';

const fixture = useEmptyRedis();
const target = () => targetOf(fixture.client as unknown as Redis);

const SET = loadScript(import.meta.url, './fixtures/set-keys.lua');
const set = (value: string) =>
  runUnderLock<number>(target().client, SET, {
    lock: { value, rules: '' },
    keys: ['a', 'b'],
    args: ['1', '2'],
  });

test('a script under the lock sees its own keys and arguments only', async () => {
  const lock = await takeMaintenanceLock(depsOf(target()), { tool: 'writer', rules: [] });
  expect(await set(lock.value)).toBe(2);
  expect(await fixture.client.mGet(['a', 'b'])).toEqual(['1', '2']);
  await lock.release();
});

test.each([
  [
    'went to another tool',
    () => holdLock(fixture.client),
    new RegExp(`went to another tool.*${LOCK_HOLDER}`),
  ],
  ['expired', async () => {}, /expired/],
  ['became a list', () => fixture.client.rPush(MAINTENANCE_LOCK, 'x'), /a key that is no lock/],
])('a script writes nothing where the lock %s', async (_, lose, why) => {
  await lose();
  const failure = await set('mine').catch((error: unknown) =>
    failureOf(error, target(), { action: 'written', counts: { counters: 3 }, unconfirmed: 2 }),
  );
  expect(failure).toMatchObject({
    code: 'LOCKED',
    why: expect.stringMatching(why),
    done: { action: 'written', counts: { counters: 3 }, unconfirmed: 0 },
  });
  expect(await fixture.client.exists(['a', 'b'])).toBe(0);
});
