import { describe, expect, test } from '@jest/globals';
import {
  assertCountersExact,
  celeryMessage,
  checkModel,
  countStates,
  createRandom,
  drainTraffic,
  RunLog,
  type SeedManifest,
  seedAsyncTaskFlow,
  startTraffic,
  type TrafficOptions,
  type TrafficStats,
} from '../src/index.js';
import { until, useEmptyRedis } from '../src/jest/index.js';

const fixture = useEmptyRedis();

const LIFELIKE = { writers: 4, seed: 1, adopt: [], think: 2, windowMs: 4, taskMs: 60 } as const;

/** Traffic that goes on until this is so. */
async function trafficUntil(
  holds: (stats: TrafficStats) => unknown,
  options: Partial<TrafficOptions>,
): Promise<TrafficStats> {
  const traffic = await startTraffic(fixture.redis.url, { ...LIFELIKE, ...options });
  await until(() => holds(traffic.stats()));
  return traffic.stop();
}

const seedPending = (tasks: number): Promise<SeedManifest> =>
  seedAsyncTaskFlow(fixture.client, { tasks, seed: 1, mix: { PENDING: 1 } });

describe('lifelike traffic', () => {
  test('without faults leaves nothing wrong but what is due, and its log finds nothing', async () => {
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 300,
      seed: 1,
      mix: { PENDING: 6, COMPLETED: 2, DLQ: 1 },
    });
    const log = new RunLog();
    const adopt = ['PENDING', 'COMPLETED', 'DLQ'] as const;
    const isBusy = () => log.count('started') > 20;
    const { errors } = await trafficUntil(isBusy, { log, adopt, watch: true, strict: true });
    const { overdueScheduled: _, ...found } = await checkModel(fixture.client);
    expect([found, errors, log.violations()]).toEqual([{}, [], []]);
  });

  test('kills workers with all that they run, and their beats expire', async () => {
    await seedPending(200);
    const { killed } = await trafficUntil(({ killed }) => killed > 2, { killShare: 0.2, beatTtlMs: 100 });
    // The beats of killed workers expire one after the other.
    await until(async () => (await checkModel(fixture.client)).stuckActive?.length === killed);
    expect(await assertCountersExact(fixture.client)).toEqual([]);
  });

  test('kills tasks that run for longer than the hard limit', async () => {
    await seedPending(50);
    const some = { taskMs: 100, hardLimitMs: 0 };
    const { killed, transitions } = await trafficUntil(({ killed }) => killed > 2, some);
    expect(killed).toBe(transitions['PENDING -> ACTIVE']);
    expect((await countStates(fixture.client)).states.ACTIVE).toBe(killed);
  });

  test.each(['loseShare', 'consumerDeathShare'])('orphans PENDING tasks by %s', async (share) => {
    await seedPending(200);
    const { lost, errors } = await trafficUntil(({ lost }) => lost > 2, { [share]: 0.3 });
    expect(errors).toEqual([]);
    expect((await checkModel(fixture.client)).orphanedPending).toHaveLength(lost);
  });

  test('orphans SCHEDULED and DLQ tasks where workers die before they file them', async () => {
    await seedPending(200);
    const { torn } = await trafficUntil(({ torn }) => torn > 2, { tornShare: 0.5 });
    const { orphanedScheduled = [], orphanedDlq = [] } = await checkModel(fixture.client);
    expect(orphanedScheduled.length + orphanedDlq.length).toBe(torn);
    expect(await assertCountersExact(fixture.client)).toEqual([]);
  });

  test('leaves due tasks where they are while the scheduler is down', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 28, seed: 1, faults: { overdueScheduled: 20 } });
    const { transitions } = await trafficUntil(({ total }) => total > 50, { schedulerDown: 1 });
    expect(transitions['SCHEDULED -> PENDING']).toBeUndefined();
  });

  test('goes on with what other workers run', async () => {
    const { ids } = await seedAsyncTaskFlow(fixture.client, { tasks: 20, seed: 1, mix: { ACTIVE: 1 } });
    const log = new RunLog();
    await trafficUntil(() => log.count('taken over') === 20, { takeOver: ids.active, log });
    expect((await countStates(fixture.client)).states.ACTIVE).toBe(0);
    expect([log.count('taken over'), log.violations()]).toEqual([20, []]);
  });
});

describe('a task with two messages', () => {
  async function runTwice(strict: boolean): Promise<{ found: string; stats: TrafficStats }> {
    const { ids } = await seedPending(40);
    const [id] = ids.primary as [string];
    const random = createRandom(9);
    for (const _ of 'ab') await fixture.client.rPush('celery', celeryMessage(id, random).message);
    await fixture.client.lRem('tasks:pending:primary', 0, id);
    const log = new RunLog();
    const areTaken = ({ dropped }: TrafficStats) =>
      strict ? log.count('started') > 2 : dropped['a worker runs it'] === 1;
    const stats = await trafficUntil(areTaken, { strict, log, taskMs: 100_000 });
    await drainTraffic(fixture.redis.url, { writers: 2, seed: 1, strict, log });
    return { found: log.violations().join('\n'), stats };
  }

  test('runs once, and the second message is counted', async () => {
    const { found, stats } = await runTwice(false);
    expect(stats.dropped).toEqual({ 'a worker runs it': 1 });
    expect(found).toMatch(
      /^\S+ was put back though it was not lost \(\d messages where \d were due\): \d+ ms started/,
    );
  });

  test('runs twice where workers are strict, and the log says so', async () => {
    const { found, stats } = await runTwice(true);
    expect(stats.dropped).toEqual({});
    expect(found).toMatch(/was started by celery-w1@vm-\d+ while celery-w1@vm-\d+ still ran it/);
  });
});

describe('a drain', () => {
  test('runs all that waits, whatever its time, and leaves the model true', async () => {
    const mix = { PENDING: 8, SCHEDULED: 4, COMPLETED: 1, DLQ: 1, FAILED: 1 };
    const { states } = await seedAsyncTaskFlow(fixture.client, {
      tasks: 150,
      seed: 1,
      mix,
      foreignMessages: 6,
    });
    const log = new RunLog();
    await drainTraffic(fixture.redis.url, { writers: 4, seed: 1, log, strict: true });
    const { states: after, tasks } = await countStates(fixture.client);
    expect([after.COMPLETED + after.DLQ + after.FAILED, after.FAILED]).toEqual([tasks, states.FAILED]);
    expect(await checkModel(fixture.client)).toEqual({});
    expect(log.violations()).toEqual([]);
    expect(log.count('started')).toBeGreaterThanOrEqual(states.PENDING + states.SCHEDULED);
  });
});
