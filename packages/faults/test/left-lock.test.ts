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
import { Slot } from '../src/slot.js';

let slot: Slot;
beforeAll(async () => {
  slot = await Slot.start();
  await seedAsyncTaskFlow(slot.client, { tasks: 100, seed: 1 });
  await slot.client.set(counterKey('ACTIVE'), '77');
});
afterAll(() => slot.stop());

test('a killed tool keeps the next one out, which says who it is, for 30 s at the most and not longer', async () => {
  const proxy = await startProxy(slot.redis.url, {
    treat: () => ({
      async beforeReply() {
        if (await slot.client.exists(MAINTENANCE_LOCK_KEY)) killed.child.kill('SIGKILL');
      },
    }),
  });
  const killed = startBin('fix-counter-sync', [proxy.url]);
  expect((await killed.ended).code).toBeNull();
  await proxy.stop();
  await slot.settle();
  const left = await slot.client.pTTL(MAINTENANCE_LOCK_KEY);
  expect([left > 0, left <= 30_000]).toEqual([true, true]);
  await slot.client.pExpire(MAINTENANCE_LOCK_KEY, 3_600_000); // a busy machine may need longer than half a minute

  const refused = await runBin('initialize-counters', ['--redis-url', slot.redis.url]);
  expect([refused.code, refused.stdout]).toEqual([3, '']);
  expect(refused.stderr).toMatch(/is held by fix-counter-sync on \S+ since \d{4}-\d\d-\d\dT/);
  expect(await slot.client.get(counterKey('ACTIVE'))).toBe('77');

  await slot.client.pExpire(MAINTENANCE_LOCK_KEY, 1); // instead of waiting for half a minute
  await until(async () => (await slot.client.exists(MAINTENANCE_LOCK_KEY)) === 0);
  expect((await runBin('initialize-counters', ['--redis-url', slot.redis.url])).code).toBe(0);
  await assertCountersExact(slot.client);
  expect(await slot.client.exists(MAINTENANCE_LOCK_KEY)).toBe(0);
});
