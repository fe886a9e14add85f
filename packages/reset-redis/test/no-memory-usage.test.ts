import { closeTarget, connectTarget, depsOf } from '@atf/core';
import { type SandboxRedis, seedAsyncTaskFlow, startRedis } from '@atf/sandbox';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resetRedis } from '../src/index.js';

let redis: SandboxRedis;
beforeAll(async () => {
  redis = await startRedis({ args: ['--rename-command', 'MEMORY', ''] });
});
afterAll(() => redis.stop());

test('a server without MEMORY is inspected without sizes, and reset', async () => {
  const client = await redis.client();
  await expect(client.memoryUsage('any')).rejects.toThrow(/unknown command/);
  await seedAsyncTaskFlow(client, { tasks: 60, seed: 1, foreignKeys: 5 });
  await client.del(await client.keys('worker:heartbeat:*'));
  const target = await connectTarget(redis.url, { name: 'test' });
  try {
    const { inspection } = (await resetRedis(depsOf(target), { dryRun: true })).result;
    expect(inspection?.kinds.find(({ kind }) => kind === 'task')).toMatchObject({
      ...{ keys: 60, estimatedBytes: null, measured: 0 },
    });
    expect(inspection?.unrelated).toMatchObject({ keys: 5, estimatedBytes: null });
    expect(inspection?.unrelated.samples).toHaveLength(5);
    const { outcome } = await resetRedis(depsOf(target), { dryRun: false, confirm: true });
    expect([outcome, await client.dbSize()]).toEqual(['repaired', 5]);
  } finally {
    closeTarget(target);
  }
});
