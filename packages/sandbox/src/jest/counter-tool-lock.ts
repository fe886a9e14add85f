import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { counterDifferences, debugDigest } from '../census.js';
import { holdLock, LOCK_HOLDER } from '../lock.js';
import type { SandboxClient } from '../redis-client.js';
import { type SandboxRedis, startRedis } from '../redis-server.js';
import { runBin } from '../run-bin.js';
import { seedAsyncTaskFlow } from '../seeding/seed-asynctaskflow.js';

/** Declares the tests of a tool that repairs counters, beside another tool that holds the maintenance lock. */
export function testCounterToolLock(tool: string): void {
  let redis: SandboxRedis;
  let client: SandboxClient;

  beforeAll(async () => {
    redis = await startRedis({ args: ['--enable-debug-command', 'yes'] });
    client = await redis.client();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    await client.flushDb();
    await seedAsyncTaskFlow(client, { tasks: 100, seed: 1, faults: { counterDrift: { ACTIVE: 3 } } });
  });

  const run = (...args: string[]) => runBin(tool, ['--redis-url', redis.url, ...args]);

  test('while another tool is at work no counter is written: exit 3, and it is said who that is', async () => {
    await holdLock(client);
    const before = await debugDigest(client);
    const { code, stderr } = await run();
    expect([code, stderr]).toEqual([3, expect.stringContaining(LOCK_HOLDER)]);
    expect(await run('--check')).toMatchObject({ code: 1, stderr: '' });
    expect(await debugDigest(client)).toBe(before);
  });

  test('--wait goes on when the other one has ended', async () => {
    await holdLock(client, { forMs: 1_500 });
    expect(await run('--wait', '20s')).toMatchObject({ code: 0, stderr: '' });
    expect(await counterDifferences(client)).toEqual([]);
  });

  test('what is right needs no lock: a clean run beside another tool is no refusal', async () => {
    await run();
    await holdLock(client);
    expect(await run('--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
}
