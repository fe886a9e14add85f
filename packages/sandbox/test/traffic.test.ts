import { describe, expect, test } from '@jest/globals';
import {
  checkModel,
  counterDifferences,
  countStates,
  readCounters,
  seedAsyncTaskFlow,
  startRedis,
  startTraffic,
  type Transition,
} from '../src/index.js';
import { until, useEmptyRedis } from '../src/jest/index.js';

const fixture = useEmptyRedis();

const EVERY_TRANSITION = [
  'new -> PENDING',
  'PENDING -> ACTIVE',
  'ACTIVE -> COMPLETED',
  'ACTIVE -> SCHEDULED',
  'ACTIVE -> DLQ',
  'SCHEDULED -> PENDING',
  'DLQ -> PENDING',
  'FAILED -> PENDING',
  'PENDING -> deleted',
  'COMPLETED -> deleted',
  'FAILED -> deleted',
  'SCHEDULED -> deleted',
  'DLQ -> deleted',
];

const EVERY_STATE = { PENDING: 20, ACTIVE: 5, COMPLETED: 35, FAILED: 10, SCHEDULED: 10, DLQ: 20 };

describe('eight writers, as fast as they go', () => {
  test('make every transition, and leave counters minus tasks as it was', async () => {
    const counterDrift = { ACTIVE: 3, COMPLETED: -2 };
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 3000,
      seed: 1,
      mix: EVERY_STATE,
      faults: { counterDrift },
    });
    const before = (await counterDifferences(fixture.client)).map(driftOf);
    const traffic = await startTraffic(fixture.redis.url, { writers: 8, seed: 1 });
    await until(() => Object.keys(traffic.stats().transitions).length >= EVERY_TRANSITION.length);
    const stats = await traffic.stop();
    expect((await counterDifferences(fixture.client)).map(driftOf)).toEqual(before);
    expect(stats.errors).toEqual([]);
    expect(Object.keys(stats.transitions).sort()).toEqual([...EVERY_TRANSITION].sort());
  });

  test('leave nothing half done when they stop', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 200, seed: 2 });
    const traffic = await startTraffic(fixture.redis.url, { writers: 8, seed: 2 });
    await until(() => traffic.stats().total > 500);
    await traffic.stop();
    const { overdueScheduled: _, ...found } = await checkModel(fixture.client);
    expect(found).toEqual({});
    expect((await fixture.client.info('clients')).match(/connected_clients:(\d+)/)?.[1]).toBe('1');
  });

  test('change tasks that were there before, and keep about as many', async () => {
    const { states } = await seedAsyncTaskFlow(fixture.client, { tasks: 30, seed: 3 });
    const seeded = new Set(await fixture.client.keys('task:*'));
    const traffic = await startTraffic(fixture.redis.url, { writers: 8, seed: 3 });
    const half = Object.values(states).reduce((a, b) => a + b) / 2;
    await until(
      async () => (await fixture.client.keys('task:*')).filter((key) => seeded.has(key)).length < half,
    );
    await traffic.stop();
    expect((await countStates(fixture.client)).tasks).toBeLessThan(300);
  });
});

const driftOf = (difference: { state: string; counter: string | null; tasks: number }) => ({
  state: difference.state,
  drift: Number(difference.counter) - difference.tasks,
});

describe('traffic', () => {
  test('is not faster than its rate', async () => {
    const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: 1, ratePerSecond: 100 });
    await until(() => traffic.stats().total >= 100);
    const { total, seconds } = traffic.stats();
    expect(total).toBeLessThan(100 * seconds + 20);
    await traffic.stop();
  });

  test('touches no counter where there are none', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 1, counters: false });
    const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: 1, counters: false });
    await until(() => traffic.stats().total > 50);
    await traffic.stop();
    expect(new Set(Object.values(await readCounters(fixture.client)))).toEqual(new Set([null]));
  });

  test('tells of each transition, and tells the dashboard of each change of state', async () => {
    const told: Transition[] = [];
    const messages: string[] = [];
    const dashboard = await fixture.redis.client();
    await dashboard.subscribe('queue-updates', (message) => messages.push(message));
    const onTransition = (transition: Transition) => told.push(transition);
    const traffic = await startTraffic(fixture.redis.url, { writers: 2, seed: 1, onTransition });
    await until(() => messages.length > 20);
    const { total } = await traffic.stop();
    await fixture.client.publish('queue-updates', 'the last one');
    await until(() => messages.includes('the last one'));
    expect(messages.pop()).toBe('the last one');
    expect(told).toHaveLength(total);
    const changes = told.filter(({ from, to }) => from !== null && to !== null);
    expect(messages).toHaveLength(changes.length);
    expect(messages[0]).toMatch(
      /^\{"type": "task_state_changed", "task_id": "[\da-f-]{36}", "old_state": "PENDING", "new_state": "ACTIVE", "queue_depths": \{"primary": \d+, "retry": \d+, "scheduled": \d+, "dlq": \d+\}, "timestamp": "[^"]+"\}$/,
    );
  });

  test('leaves tasks ACTIVE where workers are killed', async () => {
    const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: 1, killShare: 0.2, adopt: [] });
    await until(() => traffic.stats().killed > 0);
    const { killed } = await traffic.stop();
    expect((await countStates(fixture.client)).states.ACTIVE).toBe(killed);
  });

  test('goes on over a counter that is no number', async () => {
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 100,
      seed: 1,
      faults: { counterDrift: { COMPLETED: 'x' } },
    });
    const traffic = await startTraffic(fixture.redis.url, { writers: 4, seed: 1 });
    await until(() => traffic.stats().transitions['ACTIVE -> COMPLETED']);
    expect((await traffic.stop()).errors).toEqual([]);
  });
});

describe('a server that goes', () => {
  test('breaks the writers off, and stopping them says why', async () => {
    const doomed = await startRedis();
    const traffic = await startTraffic(doomed.url, { writers: 3, seed: 1 });
    await until(() => traffic.stats().total > 0);
    await doomed.kill();
    expect((await traffic.stop()).errors).toHaveLength(3);
  });
});
