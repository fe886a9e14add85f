import {
  depsOf,
  openTaskCounter,
  type Redis,
  type TaskCounter,
  type TaskCounterOptions,
  targetOf,
} from '@atf/core';
import { countStates, readCounters, seedAsyncTaskFlow, startTraffic } from '@atf/sandbox';
import { until, useEmptyRedis } from '@atf/sandbox/jest';
import { afterEach, describe, expect, test } from '@jest/globals';

const IN_ONE_SCRIPT: TaskCounterOptions = { oneScriptUpTo: 1_000_000_000 };
const WITH_TRACKING: TaskCounterOptions = { oneScriptUpTo: -1 };

const FAULTS = { unknownState: 3, missingState: 2, notAHash: 2, unknownId: 4, defectiveDlq: 1 };

const fixture = useEmptyRedis();
let taskCounter: TaskCounter | undefined;

afterEach(() => taskCounter?.close());

const open = (options: TaskCounterOptions) => {
  taskCounter = openTaskCounter(depsOf(targetOf(fixture.client as unknown as Redis)), options);
  return taskCounter;
};

describe.each([
  ['in one script', IN_ONE_SCRIPT],
  ['with tracking', WITH_TRACKING],
])('a count %s', (_name, options) => {
  test('counts an empty database', async () => {
    const snapshot = await open(options).take();
    expect(snapshot.counts.states).toEqual({
      PENDING: 0,
      ACTIVE: 0,
      COMPLETED: 0,
      FAILED: 0,
      SCHEDULED: 0,
      DLQ: 0,
    });
    expect(snapshot.counters.PENDING).toEqual({ kind: 'missing' });
  });

  test('counts what counting by hand counts, odd keys apart', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 3_000, seed: 1, faults: FAULTS, foreignKeys: 100 });
    const byHand = await countStates(fixture.client);
    const { counts, oddKeys } = await open(options).take();
    expect(counts.states).toEqual(byHand.states);
    expect(counts).toMatchObject({ unknownState: 3, missingState: 2, notAHash: 2 });
    expect(oddKeys).toHaveLength(7);
    expect(
      oddKeys.filter(({ observedState }) => observedState === 'unknown-state').map(({ label }) => label),
    ).toEqual(['ARCHIVED', 'ARCHIVED', 'ARCHIVED']);
  });

  test('sees what changed since its last snapshot', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 1_000, seed: 2, faults: FAULTS });
    await open(options).take();
    const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: 3, ratePerSecond: 800 });
    await until(() => traffic.stats().total > 100);
    await traffic.stop();
    const { counts } = await taskCounter!.take();
    expect(counts.states).toEqual((await countStates(fixture.client)).states);
  });

  test('sees that the whole database was emptied', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 1_000, seed: 2 });
    await open(options).take();
    await fixture.client.flushDb();
    await fixture.client.hSet('task:only', 'state', 'FAILED');
    const { counts } = await taskCounter!.take();
    expect(counts.states).toEqual({ PENDING: 0, ACTIVE: 0, COMPLETED: 0, FAILED: 1, SCHEDULED: 0, DLQ: 0 });
  });

  test('counts from the beginning after it was closed', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 2 });
    await open(options).take();
    await taskCounter!.close();
    await fixture.client.hSet('task:new', 'state', 'FAILED');
    const { counts } = await taskCounter!.take();
    expect(counts.states).toEqual((await countStates(fixture.client)).states);
  });

  test('finds the same drift in every snapshot while workers go on', async () => {
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 2_000,
      seed: 4,
      faults: { counterDrift: { ACTIVE: 5, DLQ: -2 } },
    });
    const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: 5, ratePerSecond: 1_000 });
    try {
      open(options);
      for (let i = 0; i < 20; i++) {
        const { counters, counts } = await taskCounter!.take();
        const drift = Object.entries(counts.states).map(([state, tasks]) => {
          const counter = counters[state as keyof typeof counters];
          return counter.kind === 'integer' ? Number(counter.value) - tasks : counter.kind;
        });
        expect(drift).toEqual([0, 5, 0, expect.anything(), 0, -2]);
      }
    } finally {
      await traffic.stop();
    }
  });
});

test('a task counter reads neither contents nor results', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 6_000, seed: 6, contentBytes: 5_000 });
  await open(WITH_TRACKING).take();
  const before = await outputBytes();
  await open(WITH_TRACKING).take();
  expect((await outputBytes()) - before).toBeLessThan(6_000 * 100);
});

test('a task counter leaves the data as it was', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 500, seed: 7 });
  const before = [
    await countStates(fixture.client),
    await readCounters(fixture.client),
    await fixture.client.dbSize(),
  ];
  await open(WITH_TRACKING).take();
  await open(IN_ONE_SCRIPT).take();
  expect([
    await countStates(fixture.client),
    await readCounters(fixture.client),
    await fixture.client.dbSize(),
  ]).toEqual(before);
});

async function outputBytes(): Promise<number> {
  const [, bytes] = /total_net_output_bytes:(\d+)/.exec(await fixture.client.info('stats')) ?? [];
  return Number(bytes);
}

test('a flush of another database does not make a task counter count tasks twice', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 2_000, seed: 8 });
  open(WITH_TRACKING);
  const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: 9, ratePerSecond: 500 });
  await taskCounter!.take();
  await traffic.stop();
  await taskCounter!.take();
  const other = await fixture.redis.client();
  await other.select(1);
  await other.flushDb();
  const { counts } = await taskCounter!.take();
  expect(counts.states).toEqual((await countStates(fixture.client)).states);
});

test('a task counter gives up if the database is emptied during every scan', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 2_000, seed: 10 });
  const other = await fixture.redis.client();
  await other.select(1);
  let flushes = 0;
  const deps = {
    ...depsOf(targetOf(fixture.client as unknown as Redis)),
    progress: ({ step }: { step: string }) => {
      if (step === 'scan') flushing = flushing.then(() => other.flushDb().then(() => void flushes++));
    },
  };
  let flushing = Promise.resolve();
  taskCounter = openTaskCounter(deps, WITH_TRACKING);
  await expect(taskCounter.take()).rejects.toMatchObject({ code: 'UNSTABLE' });
  await flushing;
  expect(flushes).toBeGreaterThanOrEqual(5);
});
