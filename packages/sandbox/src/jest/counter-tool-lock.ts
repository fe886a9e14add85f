import { beforeEach, expect, test } from '@jest/globals';
import { counterDifferences } from '../count-states.js';
import { freeAtSecondTry, holdLock, LOCK_HOLDER } from '../lock.js';
import { runBinUntil } from '../run-behind-proxy.js';
import { runBin, type StartedBin } from '../run-bin.js';
import { seedAsyncTaskFlow } from '../seeding/seed-asynctaskflow.js';
import { useEmptyRedis } from './use-redis.js';

/** Declares the tests of a tool that repairs counters, beside another tool that holds the maintenance lock. */
export function testCounterToolLock(tool: string): void {
  const fixture = useEmptyRedis();
  beforeEach(async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 1, faults: { counterDrift: { ACTIVE: 3 } } });
  });

  const run = (...args: string[]) => runBin(tool, ['--redis-url', fixture.redis.url, ...args]);

  test('while another tool is at work no counter is written: exit 3, and it is said who that is', async () => {
    await holdLock(fixture.client);
    const before = await fixture.digest();
    const { code, stderr } = await run();
    expect([code, stderr]).toEqual([3, expect.stringContaining(LOCK_HOLDER)]);
    expect(await run('--check')).toMatchObject({ code: 1, stderr: '' });
    expect(await fixture.digest()).toBe(before);
  });

  test('--wait goes on when the other one has ended', async () => {
    await holdLock(fixture.client);
    const moment = freeAtSecondTry(fixture.client, fixture.redis.url);
    const waited = await runBinUntil(tool, moment, { args: ['--wait', '1h'] });
    expect(waited).toMatchObject({ code: 0, stderr: '' });
    expect(await counterDifferences(fixture.client)).toEqual([]);
  });

  test('a run that is stopped while it waits says who holds the lock', async () => {
    await holdLock(fixture.client);
    const moment = { ...freeAtSecondTry(fixture.client, fixture.redis.url), act: stopTool };
    const { code, stderr } = await runBinUntil(tool, moment, { args: ['--wait', '1h'] });
    expect([code, stderr]).toEqual([143, expect.stringContaining(`which is held by ${LOCK_HOLDER}`)]);
  });

  test('what is right needs no lock: a clean run beside another tool is no refusal', async () => {
    await run();
    await holdLock(fixture.client);
    expect(await run('--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
}

function stopTool({ child }: StartedBin) {
  child.kill('SIGTERM');
  return 'pass' as const;
}
