import { depsOf, type ProgressUpdate, type Redis, targetOf } from '@atf/core';
import { freeAtSecondTry, holdLock, isLockHeld, LOCK_HOLDER, runBinUntil } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { cleanupCeleryMeta } from '../src/index.js';
import { useResults } from './use-results.js';

const results = useResults();

test('while another tool is at work nothing is deleted: exit 3, and it is said who that is', async () => {
  await results.add(5);
  await holdLock(results.client);
  const before = await results.digest();
  const { code, stderr } = await results.run(['--yes']);
  expect([code, stderr]).toEqual([3, expect.stringContaining(LOCK_HOLDER)]);
  expect(await results.digest()).toBe(before);
  expect(await results.run(['--check'])).toMatchObject({ code: 1, stderr: '' });
});

test('--wait goes on when the other one has ended', async () => {
  await results.add(5);
  await holdLock(results.client);
  const moment = freeAtSecondTry(results.client, results.redis.url);
  const waited = await runBinUntil('cleanup-celery-meta', moment, { args: ['--yes', '--wait', '1h'] });
  expect(waited).toMatchObject({ code: 0, stderr: '' });
  expect(await results.digest()).toBe(results.digestWithout);
});

test.each([[{}], [{ olderThanMs: 1 }]])(
  'with %j a lock that is lost on the way ends it before the next deletion',
  async (options) => {
    await results.add(6_000, { ageMs: 60_000 });
    const deps = {
      ...depsOf(targetOf(results.client as unknown as Redis)),
      progress: ({ step }: ProgressUpdate) => {
        if (step === 'delete') void holdLock(results.client);
      },
    };
    const run = cleanupCeleryMeta(deps, { dryRun: false, yes: true, ...options });
    const failure = await run.catch((error) => error);
    const left = (await results.left()).length;
    expect(failure).toMatchObject({ code: 'LOCKED', why: expect.stringContaining(LOCK_HOLDER) });
    expect(failure.done).toEqual({ action: 'deleted', counts: { results: 6_000 - left }, unconfirmed: 0 });
    expect(left).toBeGreaterThan(0);
    expect(await isLockHeld(results.client)).toBe(true);
  },
);
