import { depsOf, isDrifted, type Redis, StoppedError, settleCounters, targetOf } from '@atf/core';
import {
  counterDifferences,
  counterKey,
  readCounters,
  runsUnderTraffic,
  type SandboxClient,
  type SandboxRedis,
  seedAsyncTaskFlow,
  startRedis,
  startTraffic,
} from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

let redis: SandboxRedis;
let client: SandboxClient;

beforeAll(async () => {
  redis = await startRedis();
  client = await redis.client();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await client.flushDb();
});

const deps = () => depsOf(targetOf(client as unknown as Redis));
const FIX = { tool: 'a-test', write: true, isWrong: isDrifted };
const FOLLOWING = { atOnceUpTo: 0, atOnceAtLast: 0 };

describe('under traffic', () => {
  test.each([
    [30, 20, {}],
    [2_000, 20, FOLLOWING],
    [20_000, 6, {}],
  ])('%d tasks: every drift is repaired, %d times of as many', async (tasks, runs, census) => {
    await seedAsyncTaskFlow(client, { tasks, seed: 1 });
    const settle = async () => ((await settleCounters(deps(), { ...FIX, census })).verified ? 0 : 1);
    let transitions = 0;
    for await (const run of runsUnderTraffic({ url: redis.url, client }, settle, {
      runs,
      seed: 11,
      writers: 6,
      ratePerSecond: 2_000,
    })) {
      expect(run).toMatchObject({ exitCode: 0, differences: [] });
      transitions += run.transitionsMeanwhile;
    }
    expect(transitions).toBeGreaterThan(20);
  });
});

describe.each([
  ['at one go', { atOnceUpTo: Number.POSITIVE_INFINITY }],
  ['following', FOLLOWING],
])('settling %s', (_name, census) => {
  test('replaces a counter that is no number under traffic', async () => {
    await seedAsyncTaskFlow(client, { tasks: 2_000, seed: 2 });
    for (let run = 0; run < 5; run++) {
      const traffic = await startTraffic(redis.url, { writers: 4, seed: run, ratePerSecond: 1_000 });
      await client.set(counterKey('COMPLETED'), 'abc');
      const settled = await settleCounters(deps(), { ...FIX, census });
      await traffic.stop();
      expect(settled.verified).toBe(true);
      expect(await counterDifferences(client)).toEqual([]);
    }
  });

  test('writes nothing where tasks change and counters do not', async () => {
    await seedAsyncTaskFlow(client, { tasks: 500, seed: 3, counters: false });
    const traffic = await startTraffic(redis.url, {
      writers: 4,
      seed: 4,
      ratePerSecond: 1_000,
      counters: false,
    });
    try {
      await expect(settleCounters(deps(), { ...FIX, census })).rejects.toMatchObject({ code: 'UNSTABLE' });
    } finally {
      await traffic.stop();
    }
    expect(Object.values(await readCounters(client))).toEqual([null, null, null, null, null, null]);
  });

  test('leaves a key that is no counter alone, and settles the others', async () => {
    await seedAsyncTaskFlow(client, { tasks: 100, seed: 5, faults: { counterDrift: { ACTIVE: 3 } } });
    await client.del(counterKey('DLQ'));
    await client.rPush(counterKey('DLQ'), ['somebody', 'needs', 'this']);
    const settled = await settleCounters(deps(), { ...FIX, census });
    expect(settled.wrong.map(({ state }) => state)).toEqual(['ACTIVE', 'DLQ']);
    expect(await client.lLen(counterKey('DLQ'))).toBe(3);
    expect(await client.get(counterKey('ACTIVE'))).toBe('1');
  });

  test('replaces numbers that Redis could not add to', async () => {
    await seedAsyncTaskFlow(client, { tasks: 100, seed: 6 });
    await client.set(counterKey('PENDING'), '-9223372036854775808');
    await client.set(counterKey('ACTIVE'), '99999999999999999999999999');
    await client.set(counterKey('SCHEDULED'), '');
    await client.set(counterKey('DLQ'), ' 4');
    expect((await settleCounters(deps(), { ...FIX, census })).verified).toBe(true);
    expect(await counterDifferences(client)).toEqual([]);
  });
});

test('a stop before the writing leaves everything as it was', async () => {
  await seedAsyncTaskFlow(client, { tasks: 2_000, seed: 7, faults: { counterDrift: { ACTIVE: 3 } } });
  const before = await readCounters(client);
  const stop = new AbortController();
  const stopped = {
    ...deps(),
    signal: stop.signal,
    progress: () => stop.abort(new StoppedError('SIGTERM')),
  };
  await expect(settleCounters(stopped, { ...FIX, census: FOLLOWING })).rejects.toBeInstanceOf(StoppedError);
  expect(await readCounters(client)).toEqual(before);
});

test('two at once do not both write: one is refused, and what is written is right', async () => {
  for (let run = 0; run < 10; run++) {
    await client.flushDb();
    await seedAsyncTaskFlow(client, { tasks: 300, seed: run, faults: { counterDrift: { ACTIVE: 10 } } });
    const settled = await Promise.allSettled([1, 2, 3].map(() => settleCounters(deps(), FIX)));
    expect(await counterDifferences(client)).toEqual([]);
    const reasons = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(reasons.filter((code) => code !== 'LOCKED')).toEqual([]);
  }
});

test('the lock is gone afterwards, and what is held by another stays', async () => {
  await seedAsyncTaskFlow(client, { tasks: 30, seed: 8, faults: { counterDrift: { ACTIVE: 3 } } });
  await client.set('atf:maintenance-lock', '{"tool":"other","host":"h","since":"now"}');
  const before = await readCounters(client);
  await expect(settleCounters(deps(), FIX)).rejects.toMatchObject({
    code: 'LOCKED',
    why: expect.stringContaining('other on h since now'),
  });
  expect(await readCounters(client)).toEqual(before);
  expect(await client.exists('atf:maintenance-lock')).toBe(1);
  await client.del('atf:maintenance-lock');
  await settleCounters(deps(), FIX);
  expect(await client.exists('atf:maintenance-lock')).toBe(0);
});
