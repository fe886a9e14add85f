import { type ProgressUpdate, StoppedError } from '@atf/core';
import {
  activeTask,
  celeryMessage,
  checkModel,
  counterDifferences,
  createRandom,
  heartbeatKey,
  MINUTE,
  microsOf,
  PRIMARY_QUEUE,
  RETRY_QUEUE,
  SCHEDULED_SET,
  seedAsyncTaskFlow,
  taskKey,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { FIX, FIX_WAITING, LOOK, useBench } from './support.js';
import { completed, pending, stuck } from './tasks.js';

const bench = useBench();
beforeEach(bench.startIdle);
const LONG = 'w'.repeat(1_500);

test('between two snapshots it waits up to two seconds, if an id may be on its way', async () => {
  const waits: number[] = [];
  const wait = async (ms: number) => waits.push(ms);
  await bench.write('a', stuck('a'));
  await fixStuckTasks(bench.deps(), { ...LOOK, wait });
  expect(waits).toEqual([]);
  await bench.write('b', pending('b'));
  await fixStuckTasks(bench.deps(), { ...LOOK, wait });
  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThan(0);
  expect(waits[0]).toBeLessThanOrEqual(2_000);
});

describe('of what changes meanwhile', () => {
  test('a PENDING task that is in no place at one look and in one at the other is left alone', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 50, seed: 5, faults: { orphanedPending: 2 } });
    await bench.write('moving', pending('moving'));
    const deps = bench.when('wait-before-second-snapshot', () => bench.client.lPush(PRIMARY_QUEUE, 'moving'));
    const { result } = await fixStuckTasks(deps, FIX_WAITING);
    expect(result.kinds.find(({ kind }) => kind === 'orphaned-pending')).toMatchObject({
      found: 2,
      repaired: 2,
    });
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toContain('moving');
    expect(await bench.client.hGet(taskKey('moving'), 'state')).toBe('PENDING');
  });

  test('a SCHEDULED task that a scheduler has taken out of the set is left to it', async () => {
    await bench.write('due', { ...pending('due'), state: 'SCHEDULED', retry_after: '2026-01-01T00:00:00' });
    const deps = bench.when('wait-before-second-snapshot', async () => {
      await bench.client.lPush(RETRY_QUEUE, 'due');
      await bench.write('due', { state: 'PENDING' });
    });
    expect((await fixStuckTasks(deps, FIX_WAITING)).result.findings).toEqual([]);
    expect(await bench.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['due']);
    expect(await bench.client.exists(SCHEDULED_SET)).toBe(0);
  });

  test('an entry that is popped before it is removed is gone, and that is no failure of the others', async () => {
    await bench.write('done', completed('done'));
    await bench.client.rPush(PRIMARY_QUEUE, ['done', 'x']);
    await bench.client.rPush(RETRY_QUEUE, 'ghost');
    const deps = bench.when('scan', () => bench.client.lPop(PRIMARY_QUEUE));
    const { outcome, result } = await fixStuckTasks(deps, FIX);
    expect(outcome).toBe('partial');
    expect(result.findings.map(({ id, outcome }) => `${id} ${outcome}`).sort()).toEqual([
      'done changed',
      'ghost repaired',
      'x repaired',
    ]);
    expect(await bench.client.exists([PRIMARY_QUEUE, RETRY_QUEUE])).toBe(0);
  });

  test('a task that comes into a queue during the repair is changed, and left alone', async () => {
    for (const id of ['a', 'b']) await bench.write(id, stuck(id));
    await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
    const before = await bench.client.hGetAll(taskKey('a'));
    const deps = bench.when('repair', () => bench.client.lPush(RETRY_QUEUE, 'a'));
    const { outcome, result } = await fixStuckTasks(deps, FIX);
    expect(outcome).toBe('partial');
    expect(result.findings.find(({ id }) => id === 'a')?.outcome).toBe('changed');
    expect(await bench.client.hGetAll(taskKey('a'))).toEqual(before);
    expect((await bench.client.lRange(RETRY_QUEUE, 0, -1)).sort()).toEqual(['a', 'b']);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['its worker has finished it', () => bench.write('a', { state: 'COMPLETED' })],
    ['its worker has started it anew', () => bench.write('a', { started_at: '2026-11-22T15:10:00' })],
    ['it was tried once more', () => bench.write('a', { retry_count: '1' })],
    ['its worker beats', () => bench.client.set(heartbeatKey('dead'), String(Date.now() / 1000))],
    ['it has got a beat that is old', () => bench.client.set(heartbeatKey('dead'), '1')],
    ['it was deleted', () => bench.client.del(taskKey('a'))],
    ['its message is there', () => bench.client.lPush('celery', celeryMessage('a', createRandom(1)).message)],
    ['a message that cannot be read is there', () => bench.client.lPush('celery', 'garbage')],
  ])('a stuck task is left alone where %s', async (_, act) => {
    await bench.write('a', stuck('a'));
    await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
    const { outcome, result } = await fixStuckTasks(bench.when('repair', act), FIX);
    expect([outcome, result.findings[0]?.outcome]).toEqual(['partial', 'changed']);
    expect(await bench.client.exists(RETRY_QUEUE)).toBe(0);
  });

  test.each([
    ['repaired', 'is old', () => bench.client.set(heartbeatKey(LONG), '1'), async () => {}],
    ['changed', 'comes meanwhile', async () => {}, () => bench.client.set(heartbeatKey(LONG), '1')],
  ])('a stuck task is %s where the heartbeat of its worker with a very long id %s', async (...all) => {
    const [outcome, , before, act] = all;
    await bench.write('a', { ...stuck('a'), worker_id: LONG });
    await before();
    await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
    const { result } = await fixStuckTasks(bench.when('repair', act), FIX);
    expect(result.findings[0]?.outcome).toBe(outcome);
  });

  describe('a task whose worker has the name of one that was restarted', () => {
    const WORKER = heartbeatKey('celery-host-7');
    const startedAt = microsOf(new Date()) - 20 * MINUTE;
    const beat = (minutesAgo: number) =>
      bench.client.set(WORKER, String(Date.now() / 1000 - minutesAgo * 60), { EX: 90 });
    beforeEach(async () => {
      const task = { id: 'a', content: 'x', createdAt: startedAt };
      await bench.write('a', activeTask(task, { workerId: 'celery-host-7', startedAt }));
      await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
    });

    test.each<[string, () => Promise<unknown>]>([
      ['goes on with its heartbeats', () => beat(0)],
      ['becomes idle', () => bench.client.del(WORKER)],
    ])('is put back while that one %s', async (_, act) => {
      await beat(1);
      const { result } = await fixStuckTasks(bench.when('repair', act), FIX);
      expect(result.findings[0]).toMatchObject({ id: 'a', workerMovedOn: true, outcome: 'repaired' });
      expect(JSON.parse((await bench.client.hGet(taskKey('a'), 'error_history'))!)[0].error).toBe(
        'Worker celery-host-7 was lost: it has sent heartbeats since, and the task was ACTIVE for 20m',
      );
    });

    test('is left alone if it started again with a new heartbeat, or if the heartbeat is as old as its start', async () => {
      await beat(1);
      const again = bench.when('repair', () => bench.client.set(WORKER, String(startedAt / 1e6), { EX: 90 }));
      expect((await fixStuckTasks(again, FIX)).result.findings[0]?.outcome).toBe('changed');
      expect((await fixStuckTasks(bench.deps(), FIX)).result.findings).toEqual([]);
      await beat(1);
      const earlier = { ...FIX, activeTimeoutMs: 21 * 60_000 };
      expect((await fixStuckTasks(bench.deps(), earlier)).result.findings).toEqual([]);
    });
  });

  test('a run that is stopped says what it did, and a second one completes it', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 50, seed: 6, faults: { stuckActive: 180 } });
    const stop = new AbortController();
    const progress = ({ step }: ProgressUpdate) => {
      if (step === 'repair') stop.abort(new StoppedError('SIGTERM'));
    };
    const first = await fixStuckTasks({ ...bench.deps(), progress, signal: stop.signal }, FIX);
    expect(first.outcome).toBe('stopped');
    expect(first.result.kinds[0]).toMatchObject({ found: 180, repaired: 50, left: 130 });
    expect(await counterDifferences(bench.client)).toEqual([]);
    expect(await bench.client.exists('atf:maintenance-lock')).toBe(0);
    expect((await fixStuckTasks(bench.deps(), FIX)).result.kinds[0]).toMatchObject({
      found: 130,
      repaired: 130,
    });
    expect(await checkModel(bench.client)).toEqual({});
  });

  test('two runs at once put nothing back twice', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 100, seed: 7, faults: { stuckActive: 300 } });
    const runs = await Promise.allSettled([1, 2].map(() => fixStuckTasks(bench.deps(), FIX)));
    expect(runs.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const run of runs) if (run.status === 'rejected') expect(run.reason.code).toBe('LOCKED');
    expect(await checkModel(bench.client)).toEqual({});
  });

  test('nothing is written while another tool holds the lock, but a dry run looks', async () => {
    await bench.write('a', stuck('a'));
    await bench.client.set('atf:maintenance-lock', '{"tool":"reset-redis"}');
    const before = await bench.digest();
    await expect(fixStuckTasks(bench.deps(), FIX)).rejects.toMatchObject({ code: 'LOCKED' });
    expect((await fixStuckTasks(bench.deps(), LOOK)).outcome).toBe('found');
    expect(await bench.digest()).toBe(before);
  });
});
