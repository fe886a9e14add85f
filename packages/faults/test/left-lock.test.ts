import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import {
  assertCountersExact,
  counterKey,
  runBin,
  seedAsyncTaskFlow,
  startBin,
  startProxy,
} from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RedisInstance } from '../src/redis-instance.js';

let instance: RedisInstance;
beforeAll(async () => {
  instance = await RedisInstance.start();
  await seedAsyncTaskFlow(instance.client, { tasks: 100, seed: 1 });
  await instance.client.set(counterKey('ACTIVE'), '77');
});
afterAll(() => instance.stop());

test('a killed tool keeps the next one out, which says who it is, for 30 s at the most and not longer', async () => {
  const proxy = await startProxy(instance.redis.url, {
    treat: () => ({
      async beforeReply() {
        if (await instance.client.exists(MAINTENANCE_LOCK_KEY)) killed.child.kill('SIGKILL');
      },
    }),
  });
  const killed = startBin('fix-counter-sync', [proxy.url]);
  expect((await killed.ended).code).toBeNull();
  await proxy.stop();
  await instance.settle();
  const left = await instance.client.pTTL(MAINTENANCE_LOCK_KEY);
  expect([left > 0, left <= 30_000]).toEqual([true, true]);
  await instance.client.pExpire(MAINTENANCE_LOCK_KEY, 3_600_000); // a busy machine may need longer than half a minute

  const refused = await runBin('initialize-counters', ['--redis-url', instance.redis.url]);
  expect([refused.code, refused.stdout]).toEqual([3, '']);
  expect(refused.stderr).toMatch(/is held by fix-counter-sync on \S+ since \d{4}-\d\d-\d\dT/);
  expect(await instance.client.get(counterKey('ACTIVE'))).toBe('77');

  await instance.client.pExpire(MAINTENANCE_LOCK_KEY, 1); // instead of waiting for half a minute
  await until(async () => (await instance.client.exists(MAINTENANCE_LOCK_KEY)) === 0);
  expect((await runBin('initialize-counters', ['--redis-url', instance.redis.url])).code).toBe(0);
  await assertCountersExact(instance.client);
  expect(await instance.client.exists(MAINTENANCE_LOCK_KEY)).toBe(0);
});
