import type { ProgressUpdate } from '@atf/core';
import {
  freeAtSecondTry,
  holdLock,
  isLockHeld,
  LOCK_HOLDER,
  runBin,
  runBinUntil,
  type SeedManifest,
  seedAsyncTaskFlow,
  startBin,
} from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { deleteDefectiveTasks } from '../src/index.js';
import { DELETE, useFixture } from './support.js';

const fixture = useFixture();
let manifest: SeedManifest;

beforeEach(async () => {
  manifest = await seedAsyncTaskFlow(fixture.client, { tasks: 1_000, seed: 1, faults: { unknownId: 250 } });
});
const run = (...args: string[]) =>
  runBin('delete-defective-tasks', ['--redis-url', fixture.redis.url, ...args]);

test('while another tool is at work nothing is deleted: exit 3, and it is said who that is', async () => {
  await holdLock(fixture.client);
  const before = await fixture.digest();
  const { code, stderr } = await run('--yes');
  expect([code, stderr]).toEqual([3, expect.stringContaining(LOCK_HOLDER)]);
  expect(await fixture.digest()).toBe(before);
  expect(await run('--check')).toMatchObject({ code: 1, stderr: '' });
});

test('--wait goes on when the other one has ended, and ends with --max-runtime', async () => {
  await holdLock(fixture.client);
  const stopped = await run('--yes', '--wait', '1h', '--max-runtime', '1s');
  expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('--max-runtime') });
  const moment = freeAtSecondTry(fixture.client, fixture.redis.url);
  const waited = await runBinUntil('delete-defective-tasks', moment, { args: ['--yes', '--wait', '1h'] });
  expect(waited).toMatchObject({ code: 0, stderr: '' });
});

test('no lock is held while a question is open, for that may be hours', async () => {
  const { child, ended } = startBin('delete-defective-tasks', ['--redis-url', fixture.redis.url], {
    stdin: null,
  });
  let shown = '';
  await new Promise<void>((asked) => {
    child.stderr.on('data', (text) => {
      shown += text;
      if (shown.includes('Type yes')) asked();
    });
  });
  expect(await fixture.client.exists('atf:maintenance-lock')).toBe(0);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(143);
});

test('a lock that is lost on the way ends it before the next deletion', async () => {
  const progress = ({ step }: ProgressUpdate) => {
    if (step === 'delete') void holdLock(fixture.client);
  };
  const failure = await deleteDefectiveTasks({ ...fixture.deps(), progress }, DELETE).catch((error) => error);
  expect(failure).toMatchObject({ code: 'LOCKED', why: expect.stringContaining(LOCK_HOLDER) });
  expect(failure.done).toEqual({ action: 'deleted', counts: { tasks: 100 }, unconfirmed: 0 });
  expect(manifest.faults.unknownId).toHaveLength(250);
  expect(await isLockHeld(fixture.client)).toBe(true);
});
