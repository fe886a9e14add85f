import { closeTarget, connectTarget, depsOf } from '@atf/core';
import { celeryMeta, celeryMetaKey, type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CleanupCeleryMetaOptions, cleanupCeleryMeta } from '../src/index.js';

let redis: SandboxRedis;
let client: SandboxClient;
beforeAll(async () => {
  redis = await startRedis({ args: ['--rename-command', 'MEMORY', ''] });
  client = await redis.client();
  await expect(client.memoryUsage('any')).rejects.toThrow(/unknown command/);
});
afterAll(() => redis.stop());

async function run(options: CleanupCeleryMetaOptions) {
  const target = await connectTarget(redis.url, { name: 'test' });
  try {
    return await cleanupCeleryMeta(depsOf(target), options);
  } finally {
    closeTarget(target);
  }
}

test.each([
  ['all results', {}],
  ['old results', { olderThanMs: 3_600_000 }],
])('a server without MEMORY loses %s, and the memory is unknown', async (_, options) => {
  for (const id of ['1', '2', '3']) {
    await client.set(celeryMetaKey(id), celeryMeta(id, '2020-01-01T00:00:00+00:00'));
  }
  const unknown = { selected: 3, memory: null };
  expect((await run({ ...options, dryRun: true })).result).toMatchObject(unknown);
  expect(await run({ ...options, dryRun: false })).toMatchObject({
    ...{ outcome: 'repaired', result: { ...unknown, deleted: 3 } },
  });
  expect(await client.dbSize()).toBe(0);
});
