import { describe, expect, test } from '@jest/globals';
import {
  assertCountersExact,
  checkModel,
  counterDifferences,
  countStates,
  FAULTS,
  type FaultCounts,
  readCounters,
  seedAsyncTaskFlow,
} from '../src/index.js';
import { useEmptyRedis } from '../src/jest/index.js';

const bench = useEmptyRedis();
const now = new Date('2026-11-22T15:10:00.250Z');

describe('a healthy system', () => {
  test.each([28, 1000, 5000])('of %i tasks has nothing wrong', async (tasks) => {
    const manifest = await seedAsyncTaskFlow(bench.client, { tasks, seed: 1, now });
    expect(manifest.tasks).toBe(tasks);
    expect(await checkModel(bench.client, { now })).toEqual({});
    expect(await countStates(bench.client)).toMatchObject({ tasks, states: manifest.states });
    expect(await readCounters(bench.client)).toEqual(manifest.counters);
  });

  test('has nine of ten tasks in final states, and each other one where it belongs', async () => {
    const { states, ids } = await seedAsyncTaskFlow(bench.client, { tasks: 1000, seed: 1, now });
    expect(states).toEqual({ COMPLETED: 860, DLQ: 40, PENDING: 60, SCHEDULED: 30, ACTIVE: 10, FAILED: 0 });
    const waiting = [ids.primary, ids.retry, ids.broker, ids.unacked].map(({ length }) => length);
    expect(waiting).toEqual([24, 9, 18, 9]);
    expect(await bench.client.lRange('tasks:pending:primary', 0, -1)).toEqual(ids.primary.toReversed());
    expect(await bench.client.lLen('celery')).toBe(18);
    expect([await bench.client.hLen('unacked'), await bench.client.zCard('unacked_index')]).toEqual([9, 9]);
  });

  test('has workers whose heartbeats expire', async () => {
    const { workers } = await seedAsyncTaskFlow(bench.client, { tasks: 28, seed: 1 });
    for (const worker of workers) {
      expect(await bench.client.ttl(`worker:heartbeat:${worker}`)).toBeGreaterThan(0);
    }
  });

  test('can hold all six states, in any mix', async () => {
    const mix = { PENDING: 1, ACTIVE: 1, COMPLETED: 1, FAILED: 1, SCHEDULED: 1, DLQ: 1 };
    const { states } = await seedAsyncTaskFlow(bench.client, { tasks: 60, seed: 1, now, mix });
    expect(new Set(Object.values(states))).toEqual(new Set([10]));
    expect(await checkModel(bench.client, { now })).toEqual({});
    expect(await readCounters(bench.client)).toMatchObject({ FAILED: '10' });
  });

  test('of the versions without counters has none', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 100, seed: 1, now, counters: false });
    expect(await bench.client.keys('metrics:*')).toEqual([]);
    expect(await checkModel(bench.client, { now, counters: false })).toEqual({});
  });

  test('has contents of exactly the length asked for', async () => {
    const mix = { COMPLETED: 1 };
    await seedAsyncTaskFlow(bench.client, { tasks: 20, seed: 1, now, mix, contentBytes: 100_000 });
    for (const key of await bench.client.keys('task:*'))
      expect(await bench.client.hStrLen(key, 'content')).toBe(100_000);
  });
});

describe('the seed', () => {
  test('decides every byte', async () => {
    const faults: FaultCounts = Object.fromEntries(FAULTS.map((fault) => [fault, 2]));
    const digestOf = async (seed: number): Promise<string> => {
      await bench.client.flushAll();
      await seedAsyncTaskFlow(bench.client, { tasks: 500, seed, now, faults });
      await Promise.all(
        (await bench.client.keys('worker:heartbeat:*')).map((key) => bench.client.persist(key)),
      );
      return bench.digest();
    };
    const [first, again, other] = [await digestOf(1), await digestOf(1), await digestOf(2)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('faults', () => {
  test.each(FAULTS)('%s is there as often as asked, and nothing else is wrong', async (fault) => {
    const manifest = await seedAsyncTaskFlow(bench.client, {
      tasks: 200,
      seed: 3,
      now,
      faults: { [fault]: 7 },
    });
    const found = await checkModel(bench.client, { now });
    expect(manifest.faults[fault]).toHaveLength(7);
    expect(Object.keys(found)).toEqual([fault]);
    expect(found[fault]?.sort()).toEqual(manifest.faults[fault].toSorted());
  });

  test('all at once keep apart, and counters count every hash in its state', async () => {
    const faults: FaultCounts = Object.fromEntries(FAULTS.map((fault) => [fault, 5]));
    const manifest = await seedAsyncTaskFlow(bench.client, { tasks: 300, seed: 4, now, faults });
    const found = await checkModel(bench.client, { now });
    for (const fault of FAULTS) expect(found[fault]?.sort()).toEqual(manifest.faults[fault].toSorted());
    expect(Object.keys(found).sort()).toEqual([...FAULTS].sort());
    expect(await assertCountersExact(bench.client)).toEqual([]);
    const counts = await countStates(bench.client);
    expect(counts).toMatchObject({
      unknown: { ARCHIVED: 5 },
      missing: 5,
      notAHash: 5,
      tasks: manifest.tasks,
    });
  });

  test('every third task of a killed worker has used up its retries', async () => {
    const { faults } = await seedAsyncTaskFlow(bench.client, {
      tasks: 28,
      seed: 1,
      now,
      faults: { stuckActive: 6 },
    });
    const fields = ['retry_count', 'max_retries', 'error_history', 'started_at', 'updated_at'];
    const spent: boolean[] = [];
    for (const id of faults.stuckActive) {
      const [count, most, history, ...times] = await bench.client.hmGet(`task:${id}`, fields);
      expect(JSON.parse(history as string)).toHaveLength(Number(count));
      expect(new Set(times).size).toBe(1);
      spent.push(count === most);
    }
    expect(spent).toEqual([false, false, true, false, false, true]);
  });

  test('a drifted counter is off by a number, deleted, or any text', async () => {
    const counterDrift = { ACTIVE: 3, PENDING: null, COMPLETED: 'many', SCHEDULED: '-4' };
    const { counters } = await seedAsyncTaskFlow(bench.client, {
      tasks: 100,
      seed: 1,
      now,
      faults: { counterDrift },
    });
    expect(counters).toEqual({
      ACTIVE: '4',
      PENDING: null,
      COMPLETED: 'many',
      SCHEDULED: '-4',
      DLQ: '4',
      FAILED: null,
    });
    expect(await readCounters(bench.client)).toEqual(counters);
    expect((await counterDifferences(bench.client)).map(({ state }) => state)).toEqual([
      'PENDING',
      'ACTIVE',
      'COMPLETED',
      'SCHEDULED',
    ]);
    await expect(assertCountersExact(bench.client)).rejects.toThrow('ACTIVE: counter 4, tasks 1');
  });
});

describe('what else a database holds', () => {
  test('messages of other programs in the broker, which hide nothing and are no fault', async () => {
    const faults = { orphanedPending: 3 };
    await seedAsyncTaskFlow(bench.client, { tasks: 100, seed: 1, now, faults, foreignMessages: 12 });
    expect([await bench.client.lLen('celery'), await bench.client.hLen('unacked')]).toEqual([2 + 6, 1 + 6]);
    expect(Object.keys(await checkModel(bench.client, { now }))).toEqual(['orphanedPending']);
  });

  test('left-overs of Celery, some with an expiry, and keys of other programs', async () => {
    const { foreignKeys } = await seedAsyncTaskFlow(bench.client, {
      tasks: 28,
      seed: 1,
      now,
      celeryMeta: { count: 10, withTtl: 4 },
      foreignKeys: 15,
    });
    const metas = await bench.client.keys('celery-task-meta-*');
    const expiries = await Promise.all(metas.map((key) => bench.client.ttl(key)));
    expect([expiries.length, expiries.filter((ttl) => ttl > 0).length]).toEqual([10, 4]);
    expect(await bench.client.exists(foreignKeys)).toBe(15);
    expect(await checkModel(bench.client, { now })).toEqual({});
  });
});
