import { type Census, type CensusOptions, depsOf, openCensus, type Redis, targetOf } from '@atf/core';
import { countStates, readCounters, seedAsyncTaskFlow, startTraffic } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { afterEach, describe, expect, test } from '@jest/globals';

const AT_ONCE: CensusOptions = { atOnceUpTo: Number.POSITIVE_INFINITY };
const FOLLOWING: CensusOptions = { atOnceUpTo: 0, atOnceAtLast: 0 };
/** Remembers so little that any change makes it begin again with a whole ledger. */
const FOLLOWING_FORGETFULLY: CensusOptions = { ...FOLLOWING, quietBound: 200 };

const FAULTS = { unknownState: 3, missingState: 2, notAHash: 2, unknownId: 4, defectiveDlq: 1 };

const bench = useEmptyRedis();
let census: Census | undefined;

afterEach(() => census?.close());

const open = async (options: CensusOptions) => {
  census = await openCensus(depsOf(targetOf(bench.client as unknown as Redis)), options);
  return census;
};

describe.each([
  ['at one go', AT_ONCE],
  ['following', FOLLOWING],
  ['following forgetfully', FOLLOWING_FORGETFULLY],
])('a census %s', (_name, options) => {
  test('counts an empty database', async () => {
    const cut = await (await open(options)).cut();
    expect(cut.tally.states).toEqual({
      PENDING: 0,
      ACTIVE: 0,
      COMPLETED: 0,
      FAILED: 0,
      SCHEDULED: 0,
      DLQ: 0,
    });
    expect(cut.counters.PENDING).toEqual({ kind: 'missing' });
  });

  test('counts what counting by hand counts, odd keys apart', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 3_000, seed: 1, faults: FAULTS, foreignKeys: 100 });
    const byHand = await countStates(bench.client);
    const { tally, oddKeys } = await (await open(options)).cut();
    expect(tally.states).toEqual(byHand.states);
    expect(tally).toMatchObject({ unknownState: 3, missingState: 2, notAHash: 2 });
    expect(oddKeys).toHaveLength(7);
    expect(oddKeys.filter(({ sighting }) => sighting === 'unknown-state').map(({ label }) => label)).toEqual([
      'ARCHIVED',
      'ARCHIVED',
      'ARCHIVED',
    ]);
  });

  test('sees what changed since its last cut', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 1_000, seed: 2, faults: FAULTS });
    await (await open(options)).cut();
    const traffic = await startTraffic(bench.redis.url, { writers: 4, seed: 3, ratePerSecond: 800 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    await traffic.stop();
    const { tally } = await census!.cut();
    expect(tally.states).toEqual((await countStates(bench.client)).states);
  });

  test('sees that the whole database was emptied', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 1_000, seed: 2 });
    await (await open(options)).cut();
    await bench.client.flushDb();
    await bench.client.hSet('task:only', 'state', 'FAILED');
    const { tally } = await census!.cut();
    expect(tally.states).toEqual({ PENDING: 0, ACTIVE: 0, COMPLETED: 0, FAILED: 1, SCHEDULED: 0, DLQ: 0 });
  });

  test('finds the same drift in every cut while workers go on', async () => {
    await seedAsyncTaskFlow(bench.client, {
      tasks: 2_000,
      seed: 4,
      faults: { counterDrift: { ACTIVE: 5, DLQ: -2 } },
    });
    const traffic = await startTraffic(bench.redis.url, { writers: 4, seed: 5, ratePerSecond: 1_000 });
    try {
      await open(options);
      for (let i = 0; i < 20; i++) {
        const { counters, tally } = await census!.cut();
        const drift = Object.entries(tally.states).map(([state, tasks]) => {
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

test('a census reads neither contents nor results', async () => {
  await seedAsyncTaskFlow(bench.client, { tasks: 6_000, seed: 6, contentBytes: 5_000 });
  await (await open(FOLLOWING)).cut();
  const before = await outputBytes();
  await (await open(FOLLOWING)).cut();
  expect((await outputBytes()) - before).toBeLessThan(6_000 * 100);
});

test('a census leaves the data as it was', async () => {
  await seedAsyncTaskFlow(bench.client, { tasks: 500, seed: 7 });
  const before = [
    await countStates(bench.client),
    await readCounters(bench.client),
    await bench.client.dbSize(),
  ];
  await (await open(FOLLOWING)).cut();
  await (await open(AT_ONCE)).cut();
  expect([
    await countStates(bench.client),
    await readCounters(bench.client),
    await bench.client.dbSize(),
  ]).toEqual(before);
});

async function outputBytes(): Promise<number> {
  const [, bytes] = /total_net_output_bytes:(\d+)/.exec(await bench.client.info('stats')) ?? [];
  return Number(bytes);
}

test('a flush of another database does not make a census count tasks twice', async () => {
  await seedAsyncTaskFlow(bench.client, { tasks: 2_000, seed: 8 });
  await open(FOLLOWING_FORGETFULLY);
  const traffic = await startTraffic(bench.redis.url, { writers: 4, seed: 9, ratePerSecond: 500 });
  await census!.cut();
  await traffic.stop();
  await census!.cut();
  const other = await bench.redis.client();
  await other.select(1);
  await other.flushDb();
  const { tally } = await census!.cut();
  expect(tally.states).toEqual((await countStates(bench.client)).states);
});

test('a census gives up where it has to begin again and again', async () => {
  await seedAsyncTaskFlow(bench.client, { tasks: 20_000, seed: 10 });
  const other = await bench.redis.client();
  await other.select(1);
  const flushing = setInterval(() => other.flushDb().catch(() => {}), 2);
  try {
    await expect((await open({ ...FOLLOWING, patienceMs: 300 })).cut()).rejects.toMatchObject({
      code: 'UNSTABLE',
    });
  } finally {
    clearInterval(flushing);
  }
});

test('a census whose ledger fills up while it catches up counts no task twice', async () => {
  // 1,900 tasks stand in two generations of 1,000; looking again at 400 fills the younger, and drops the older.
  await seedAsyncTaskFlow(bench.client, { tasks: 1_900, seed: 11 });
  await open({ ...FOLLOWING, quietBound: 1_000 });
  await census!.cut();
  const keys = await bench.client.keys('task:*');
  for (const key of keys.slice(0, 400)) await bench.client.hSet(key, 'state', 'FAILED');
  await new Promise((resolve) => setTimeout(resolve, 100)); // all of them are known when the cut begins
  for (let look = 0; look < 2; look++) {
    const { tally } = await census!.cut();
    expect(tally.states).toEqual((await countStates(bench.client)).states);
  }
});
