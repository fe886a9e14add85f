import type { ProgressUpdate } from '@atf/core';
import {
  freeAtSecondTry,
  holdLock,
  isLockHeld,
  LOCK_HOLDER,
  MAINTENANCE_LOCK,
  runBin,
  runBinUntil,
  type SeedManifest,
  seedAsyncTaskFlow,
} from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { FIX, useFixture } from './support.js';

const fixture = useFixture();
let manifest: SeedManifest;

beforeEach(async () => {
  const faults = { stuckActive: 120, ghostEntry: 130 };
  manifest = await seedAsyncTaskFlow(fixture.client, { tasks: 300, seed: 1, faults });
});
const run = (...args: string[]) => runBin('fix-stuck-tasks', ['--redis-url', fixture.redis.url, ...args]);

test('while another tool is at work nothing is repaired: exit 3, and it is said who that is', async () => {
  await holdLock(fixture.client);
  const before = await fixture.digest();
  const { code, stderr } = await run();
  expect([code, stderr]).toEqual([3, expect.stringContaining(LOCK_HOLDER)]);
  expect(stderr).toContain('Nothing was changed.');
  expect(await fixture.digest()).toBe(before);
  expect(await run('--check')).toMatchObject({ code: 1, stderr: '' });
});

test('--wait goes on when the other one has ended, and ends with --max-runtime', async () => {
  await holdLock(fixture.client);
  const stopped = await run('--wait', '1h', '--max-runtime', '1s');
  expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('--max-runtime') });
  const moment = freeAtSecondTry(fixture.client, fixture.redis.url);
  const waited = await runBinUntil('fix-stuck-tasks', moment, { args: ['--wait', '1h'] });
  expect(waited).toMatchObject({ code: 0, stderr: '' });
  expect(await fixture.client.exists(MAINTENANCE_LOCK)).toBe(0);
});

test('what another tool repaired while its lock was waited for is left alone', async () => {
  await holdLock(fixture.client);
  const [ghost, stuck] = [manifest.faults.ghostEntry[0]!, manifest.faults.stuckActive[0]!];
  const progress = ({ step }: ProgressUpdate) => {
    if (step !== 'wait-for-lock') return;
    void fixture.client.lRem(manifest.queueOf[ghost]!, 0, ghost);
    void fixture.write(stuck, { state: 'COMPLETED' });
    void fixture.client.del(MAINTENANCE_LOCK);
  };
  const deps = { ...fixture.deps(), progress, lockWaitMs: 20_000 };
  const { outcome, result } = await fixStuckTasks(deps, FIX);
  const changed = result.findings.filter(({ outcome }) => outcome !== 'repaired');
  expect(outcome).toBe('partial');
  expect(changed.map(({ id, outcome }) => [id, outcome]).sort()).toEqual(
    [ghost, stuck].map((id) => [id, 'changed']).sort(),
  );
});

test('a run that finds nothing to repair does not ask for the lock', async () => {
  await fixStuckTasks(fixture.deps(), FIX);
  await holdLock(fixture.client);
  expect((await fixStuckTasks(fixture.deps(), FIX)).outcome).toBe('clean');
});

test.each([
  ['an entry is removed', 1, 100],
  ['a task is put back', 131, 180],
])('a lock that is lost when %s ends it before the next step', async (_, from, repaired) => {
  const progress = ({ step, done }: ProgressUpdate) => {
    if (step === 'repair' && done === from) void holdLock(fixture.client);
  };
  const failure = await fixStuckTasks({ ...fixture.deps(), progress }, FIX).catch((error) => error);
  expect(failure).toMatchObject({ code: 'LOCKED', why: expect.stringContaining(LOCK_HOLDER) });
  expect(failure.done).toEqual({ action: 'repaired', counts: { findings: repaired }, unconfirmed: 0 });
  expect(await isLockHeld(fixture.client)).toBe(true);
});

test('the broker of --broker-url may be locked, and no lock is taken there', async () => {
  const broker = await fixture.redis.client();
  await broker.select(1);
  await holdLock(broker);
  const brokerUrl = fixture.redis.url.replace(/0$/, '1');
  const repaired = await run('--only', 'ghost-entry', '--broker-url', brokerUrl);
  expect(repaired).toMatchObject({ code: 0, stderr: '' });
  expect(await isLockHeld(broker)).toBe(true);
  broker.destroy();
});
