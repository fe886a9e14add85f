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

const fixture = useEmptyRedis();
const now = new Date('2026-11-22T15:10:00.250Z');

describe('a healthy system', () => {
  test.each([28, 1000, 5000])('of %i tasks has nothing wrong', async (tasks) => {
    const manifest = await seedAsyncTaskFlow(fixture.client, { tasks, seed: 1, now });
    expect(manifest.tasks).toBe(tasks);
    expect(await checkModel(fixture.client, { now })).toEqual({});
    expect(await countStates(fixture.client)).toMatchObject({ tasks, states: manifest.states });
    expect(await readCounters(fixture.client)).toEqual(manifest.counters);
  });

  test('has nine of ten tasks in final states, and each other one where it belongs', async () => {
    const { states, ids } = await seedAsyncTaskFlow(fixture.client, { tasks: 1000, seed: 1, now });
    expect(states).toEqual({ COMPLETED: 860, DLQ: 40, PENDING: 60, SCHEDULED: 30, ACTIVE: 10, FAILED: 0 });
    const waiting = [ids.primary, ids.retry, ids.broker, ids.unacked].map(({ length }) => length);
    expect(waiting).toEqual([24, 9, 18, 9]);
    expect(await fixture.client.lRange('tasks:pending:primary', 0, -1)).toEqual(ids.primary.toReversed());
    expect(await fixture.client.lLen('celery')).toBe(18);
    expect([await fixture.client.hLen('unacked'), await fixture.client.zCard('unacked_index')]).toEqual([
      9, 9,
    ]);
  });

  test('has workers whose heartbeats expire', async () => {
    const { workers } = await seedAsyncTaskFlow(fixture.client, { tasks: 28, seed: 1 });
    for (const worker of workers) {
      expect(await fixture.client.ttl(`worker:heartbeat:${worker}`)).toBeGreaterThan(0);
    }
  });

  test('can hold all six states, in any mix', async () => {
    const mix = { PENDING: 1, ACTIVE: 1, COMPLETED: 1, FAILED: 1, SCHEDULED: 1, DLQ: 1 };
    const { states } = await seedAsyncTaskFlow(fixture.client, { tasks: 60, seed: 1, now, mix });
    expect(new Set(Object.values(states))).toEqual(new Set([10]));
    expect(await checkModel(fixture.client, { now })).toEqual({});
    expect(await readCounters(fixture.client)).toMatchObject({ FAILED: '10' });
  });

  test('of the versions without counters has none', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 1, now, counters: false });
    expect(await fixture.client.keys('metrics:*')).toEqual([]);
    expect(await checkModel(fixture.client, { now, counters: false })).toEqual({});
  });

  test('has contents of exactly the length asked for', async () => {
    const mix = { COMPLETED: 1 };
    await seedAsyncTaskFlow(fixture.client, { tasks: 20, seed: 1, now, mix, contentBytes: 100_000 });
    for (const key of await fixture.client.keys('task:*'))
      expect(await fixture.client.hStrLen(key, 'content')).toBe(100_000);
  });
});

describe('the seed', () => {
  test('decides every byte', async () => {
    const faults: FaultCounts = Object.fromEntries(FAULTS.map((fault) => [fault, 2]));
    const digestOf = async (seed: number): Promise<string> => {
      await fixture.client.flushAll();
      await seedAsyncTaskFlow(fixture.client, { tasks: 500, seed, now, faults });
      await Promise.all(
        (await fixture.client.keys('worker:heartbeat:*')).map((key) => fixture.client.persist(key)),
      );
      return fixture.digest();
    };
    const [first, again, other] = [await digestOf(1), await digestOf(1), await digestOf(2)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('faults', () => {
  test.each(FAULTS)('%s is there as often as asked, and nothing else is wrong', async (fault) => {
    const manifest = await seedAsyncTaskFlow(fixture.client, {
      tasks: 200,
      seed: 3,
      now,
      faults: { [fault]: 7 },
    });
    const found = await checkModel(fixture.client, { now });
    expect(manifest.faults[fault]).toHaveLength(7);
    expect(Object.keys(found)).toEqual([fault]);
    expect(found[fault]?.sort()).toEqual(manifest.faults[fault].toSorted());
  });

  test('all at once keep apart, and counters count every hash in its state', async () => {
    const faults: FaultCounts = Object.fromEntries(FAULTS.map((fault) => [fault, 5]));
    const manifest = await seedAsyncTaskFlow(fixture.client, { tasks: 300, seed: 4, now, faults });
    const found = await checkModel(fixture.client, { now });
    for (const fault of FAULTS) expect(found[fault]?.sort()).toEqual(manifest.faults[fault].toSorted());
    expect(Object.keys(found).sort()).toEqual([...FAULTS].sort());
    expect(await assertCountersExact(fixture.client)).toEqual([]);
    const counts = await countStates(fixture.client);
    expect(counts).toMatchObject({
      unknown: { ARCHIVED: 5 },
      missing: 5,
      notAHash: 5,
      tasks: manifest.tasks,
    });
  });

  test('every third task of a killed worker has used up its retries', async () => {
    const { faults } = await seedAsyncTaskFlow(fixture.client, {
      tasks: 28,
      seed: 1,
      now,
      faults: { stuckActive: 6 },
    });
    const fields = ['retry_count', 'max_retries', 'error_history', 'started_at', 'updated_at'];
    const spent: boolean[] = [];
    for (const id of faults.stuckActive) {
      const [count, most, history, ...times] = await fixture.client.hmGet(`task:${id}`, fields);
      expect(JSON.parse(history as string)).toHaveLength(Number(count));
      expect(new Set(times).size).toBe(1);
      spent.push(count === most);
    }
    expect(spent).toEqual([false, false, true, false, false, true]);
  });

  test('a drifted counter is off by a number, deleted, or any text', async () => {
    const counterDrift = { ACTIVE: 3, PENDING: null, COMPLETED: 'many', SCHEDULED: '-4' };
    const { counters } = await seedAsyncTaskFlow(fixture.client, {
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
    expect(await readCounters(fixture.client)).toEqual(counters);
    expect((await counterDifferences(fixture.client)).map(({ state }) => state)).toEqual([
      'PENDING',
      'ACTIVE',
      'COMPLETED',
      'SCHEDULED',
    ]);
    await expect(assertCountersExact(fixture.client)).rejects.toThrow('ACTIVE: counter 4, tasks 1');
  });
});

describe('what else a database holds', () => {
  test('messages of other programs in the broker, which hide nothing and are no fault', async () => {
    const faults = { orphanedPending: 3 };
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 1, now, faults, foreignMessages: 12 });
    expect([await fixture.client.lLen('celery'), await fixture.client.hLen('unacked')]).toEqual([
      2 + 6,
      1 + 6,
    ]);
    expect(Object.keys(await checkModel(fixture.client, { now }))).toEqual(['orphanedPending']);
  });

  test('left-overs of Celery, some with an expiry, and keys of other programs', async () => {
    const { foreignKeys } = await seedAsyncTaskFlow(fixture.client, {
      tasks: 28,
      seed: 1,
      now,
      celeryMeta: { count: 10, withTtl: 4 },
      foreignKeys: 15,
    });
    const metas = await fixture.client.keys('celery-task-meta-*');
    const expiries = await Promise.all(metas.map((key) => fixture.client.ttl(key)));
    expect([expiries.length, expiries.filter((ttl) => ttl > 0).length]).toEqual([10, 4]);
    expect(await fixture.client.exists(foreignKeys)).toBe(15);
    expect(await checkModel(fixture.client, { now })).toEqual({});
  });
});
