import {
  type CounterRow,
  depsOf,
  isDrifted,
  type Redis,
  reconcileCounters,
  StoppedError,
  targetOf,
} from '@atf/core';
import {
  counterDifferences,
  counterKey,
  readCounters,
  runsUnderTraffic,
  seedAsyncTaskFlow,
  startTraffic,
} from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';

const fixture = useEmptyRedis();

const deps = () => depsOf(targetOf(fixture.client as unknown as Redis));
const FIX = {
  tool: 'a-test',
  write: true,
  wrongRows: (rows: readonly CounterRow[]) => rows.filter(isDrifted),
};
const WITH_TRACKING = { oneScriptUpTo: -1 };

describe('under traffic', () => {
  test.each([
    [30, 20, {}],
    [2_000, 20, WITH_TRACKING],
    [20_000, 6, {}],
  ])('%d tasks: every drift is repaired, %d times of as many', async (tasks, runs, taskCounter) => {
    await seedAsyncTaskFlow(fixture.client, { tasks, seed: 1 });
    const reconcile = async () =>
      (await reconcileCounters(deps(), { ...FIX, taskCounter })).verified ? 0 : 1;
    let transitions = 0;
    for await (const run of runsUnderTraffic({ url: fixture.redis.url, client: fixture.client }, reconcile, {
      runs,
      seed: 11,
      writers: 6,
      ratePerSecond: 500,
    })) {
      expect(run).toMatchObject({ exitCode: 0, differences: [] });
      transitions += run.transitionsMeanwhile;
    }
    expect(transitions).toBeGreaterThan(20);
  });
});

describe.each([
  ['in one script', { oneScriptUpTo: Number.POSITIVE_INFINITY }],
  ['with tracking', WITH_TRACKING],
])('reconciling %s', (_name, taskCounter) => {
  test('replaces a counter that is no number under traffic', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 2_000, seed: 2 });
    for (let run = 0; run < 5; run++) {
      const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: run, ratePerSecond: 1_000 });
      await fixture.client.set(counterKey('COMPLETED'), 'abc');
      const reconciled = await reconcileCounters(deps(), { ...FIX, taskCounter });
      await traffic.stop();
      expect(reconciled.verified).toBe(true);
      expect(await counterDifferences(fixture.client)).toEqual([]);
    }
  });

  test('writes nothing where tasks change and counters do not', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 500, seed: 3, counters: false });
    const traffic = await startTraffic(fixture.redis.url, {
      writers: 4,
      seed: 4,
      ratePerSecond: 1_000,
      counters: false,
    });
    try {
      await expect(reconcileCounters(deps(), { ...FIX, taskCounter })).rejects.toMatchObject({
        code: 'UNSTABLE',
      });
    } finally {
      await traffic.stop();
    }
    expect(Object.values(await readCounters(fixture.client))).toEqual([null, null, null, null, null, null]);
  });

  test('leaves a key that is no counter alone, and repairs the others', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 5, faults: { counterDrift: { ACTIVE: 3 } } });
    await fixture.client.del(counterKey('DLQ'));
    await fixture.client.rPush(counterKey('DLQ'), ['somebody', 'needs', 'this']);
    const reconciled = await reconcileCounters(deps(), { ...FIX, taskCounter });
    expect(reconciled.wrong.map(({ state }) => state)).toEqual(['ACTIVE', 'DLQ']);
    expect(await fixture.client.lLen(counterKey('DLQ'))).toBe(3);
    expect(await fixture.client.get(counterKey('ACTIVE'))).toBe('1');
  });

  test('replaces numbers that Redis could not add to', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 6 });
    await fixture.client.set(counterKey('PENDING'), '-9223372036854775808');
    await fixture.client.set(counterKey('ACTIVE'), '99999999999999999999999999');
    await fixture.client.set(counterKey('SCHEDULED'), '');
    await fixture.client.set(counterKey('DLQ'), ' 4');
    expect((await reconcileCounters(deps(), { ...FIX, taskCounter })).verified).toBe(true);
    expect(await counterDifferences(fixture.client)).toEqual([]);
  });
});

test('a stop before the writing leaves everything as it was', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 2_000, seed: 7, faults: { counterDrift: { ACTIVE: 3 } } });
  const before = await readCounters(fixture.client);
  const stop = new AbortController();
  const stopped = {
    ...deps(),
    signal: stop.signal,
    progress: () => stop.abort(new StoppedError('SIGTERM')),
  };
  await expect(reconcileCounters(stopped, { ...FIX, taskCounter: WITH_TRACKING })).rejects.toBeInstanceOf(
    StoppedError,
  );
  expect(await readCounters(fixture.client)).toEqual(before);
});

test('two at once do not both write: one is refused, and what is written is right', async () => {
  for (let run = 0; run < 10; run++) {
    await fixture.client.flushDb();
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 300,
      seed: run,
      faults: { counterDrift: { ACTIVE: 10 } },
    });
    const reconciled = await Promise.allSettled([1, 2, 3].map(() => reconcileCounters(deps(), FIX)));
    expect(await counterDifferences(fixture.client)).toEqual([]);
    const reasons = reconciled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(reasons.filter((code) => code !== 'LOCKED')).toEqual([]);
  }
});

test('the lock is gone afterwards, and what is held by another stays', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 30, seed: 8, faults: { counterDrift: { ACTIVE: 3 } } });
  await fixture.client.set('atf:maintenance-lock', '{"tool":"other","host":"h","since":"now"}');
  const before = await readCounters(fixture.client);
  await expect(reconcileCounters(deps(), FIX)).rejects.toMatchObject({
    code: 'LOCKED',
    why: expect.stringContaining('other on h since now'),
  });
  expect(await readCounters(fixture.client)).toEqual(before);
  expect(await fixture.client.exists('atf:maintenance-lock')).toBe(1);
  await fixture.client.del('atf:maintenance-lock');
  await reconcileCounters(deps(), FIX);
  expect(await fixture.client.exists('atf:maintenance-lock')).toBe(0);
});
