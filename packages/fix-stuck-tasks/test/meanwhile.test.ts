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
import { DRY_RUN, FIX, FIX_WAITING, useFixture } from './support.js';
import { completed, pending, stuck } from './tasks.js';

const fixture = useFixture();
beforeEach(fixture.startIdle);
const LONG = 'w'.repeat(1_500);

test('between two snapshots it waits up to two seconds, if an id may be on its way', async () => {
  const waits: number[] = [];
  const wait = async (ms: number) => waits.push(ms);
  await fixture.write('a', stuck('a'));
  await fixStuckTasks(fixture.deps(), { ...DRY_RUN, wait });
  expect(waits).toEqual([]);
  await fixture.write('b', pending('b'));
  await fixStuckTasks(fixture.deps(), { ...DRY_RUN, wait });
  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThan(0);
  expect(waits[0]).toBeLessThanOrEqual(2_000);
});

describe('of what changes meanwhile', () => {
  test('a PENDING task that is in no place at one look and in one at the other is left alone', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 50, seed: 5, faults: { orphanedPending: 2 } });
    await fixture.write('moving', pending('moving'));
    const deps = fixture.when('wait-before-second-snapshot', () =>
      fixture.client.lPush(PRIMARY_QUEUE, 'moving'),
    );
    const { result } = await fixStuckTasks(deps, FIX_WAITING);
    expect(result.kinds.find(({ kind }) => kind === 'orphaned-pending')).toMatchObject({
      found: 2,
      repaired: 2,
    });
    expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toContain('moving');
    expect(await fixture.client.hGet(taskKey('moving'), 'state')).toBe('PENDING');
  });

  test('a SCHEDULED task that a scheduler has taken out of the set is left to it', async () => {
    await fixture.write('due', { ...pending('due'), state: 'SCHEDULED', retry_after: '2026-01-01T00:00:00' });
    const deps = fixture.when('wait-before-second-snapshot', async () => {
      await fixture.client.lPush(RETRY_QUEUE, 'due');
      await fixture.write('due', { state: 'PENDING' });
    });
    expect((await fixStuckTasks(deps, FIX_WAITING)).result.findings).toEqual([]);
    expect(await fixture.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['due']);
    expect(await fixture.client.exists(SCHEDULED_SET)).toBe(0);
  });

  test('an entry that is popped before it is removed is gone, and that is no failure of the others', async () => {
    await fixture.write('done', completed('done'));
    await fixture.client.rPush(PRIMARY_QUEUE, ['done', 'x']);
    await fixture.client.rPush(RETRY_QUEUE, 'ghost');
    const deps = fixture.when('scan', () => fixture.client.lPop(PRIMARY_QUEUE));
    const { outcome, result } = await fixStuckTasks(deps, FIX);
    expect(outcome).toBe('partial');
    expect(result.findings.map(({ id, outcome }) => `${id} ${outcome}`).sort()).toEqual([
      'done changed',
      'ghost repaired',
      'x repaired',
    ]);
    expect(await fixture.client.exists([PRIMARY_QUEUE, RETRY_QUEUE])).toBe(0);
  });

  test('a task that comes into a queue during the repair is changed, and left alone', async () => {
    for (const id of ['a', 'b']) await fixture.write(id, stuck(id));
    await fixture.client.rPush(PRIMARY_QUEUE, 'ghost');
    const before = await fixture.client.hGetAll(taskKey('a'));
    const deps = fixture.when('repair', () => fixture.client.lPush(RETRY_QUEUE, 'a'));
    const { outcome, result } = await fixStuckTasks(deps, FIX);
    expect(outcome).toBe('partial');
    expect(result.findings.find(({ id }) => id === 'a')?.outcome).toBe('changed');
    expect(await fixture.client.hGetAll(taskKey('a'))).toEqual(before);
    expect((await fixture.client.lRange(RETRY_QUEUE, 0, -1)).sort()).toEqual(['a', 'b']);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['its worker has finished it', () => fixture.write('a', { state: 'COMPLETED' })],
    ['its worker has started it anew', () => fixture.write('a', { started_at: '2026-11-22T15:10:00' })],
    ['it was tried once more', () => fixture.write('a', { retry_count: '1' })],
    ['its worker beats', () => fixture.client.set(heartbeatKey('dead'), String(Date.now() / 1000))],
    ['it has got a beat that is old', () => fixture.client.set(heartbeatKey('dead'), '1')],
    ['it was deleted', () => fixture.client.del(taskKey('a'))],
    [
      'its message is there',
      () => fixture.client.lPush('celery', celeryMessage('a', createRandom(1)).message),
    ],
    ['a message that cannot be read is there', () => fixture.client.lPush('celery', 'garbage')],
  ])('a stuck task is left alone where %s', async (_, act) => {
    await fixture.write('a', stuck('a'));
    await fixture.client.rPush(PRIMARY_QUEUE, 'ghost');
    const { outcome, result } = await fixStuckTasks(fixture.when('repair', act), FIX);
    expect([outcome, result.findings[0]?.outcome]).toEqual(['partial', 'changed']);
    expect(await fixture.client.exists(RETRY_QUEUE)).toBe(0);
  });

  test.each([
    ['repaired', 'is old', () => fixture.client.set(heartbeatKey(LONG), '1'), async () => {}],
    ['changed', 'comes meanwhile', async () => {}, () => fixture.client.set(heartbeatKey(LONG), '1')],
  ])('a stuck task is %s where the heartbeat of its worker with a very long id %s', async (...all) => {
    const [outcome, , before, act] = all;
    await fixture.write('a', { ...stuck('a'), worker_id: LONG });
    await before();
    await fixture.client.rPush(PRIMARY_QUEUE, 'ghost');
    const { result } = await fixStuckTasks(fixture.when('repair', act), FIX);
    expect(result.findings[0]?.outcome).toBe(outcome);
  });

  describe('a task whose worker has the name of one that was restarted', () => {
    const WORKER = heartbeatKey('celery-host-7');
    const startedAt = microsOf(new Date()) - 20 * MINUTE;
    const beat = (minutesAgo: number) =>
      fixture.client.set(WORKER, String(Date.now() / 1000 - minutesAgo * 60), { EX: 90 });
    beforeEach(async () => {
      const task = { id: 'a', content: 'x', createdAt: startedAt };
      await fixture.write('a', activeTask(task, { workerId: 'celery-host-7', startedAt }));
      await fixture.client.rPush(PRIMARY_QUEUE, 'ghost');
    });

    test.each<[string, () => Promise<unknown>]>([
      ['goes on with its heartbeats', () => beat(0)],
      ['becomes idle', () => fixture.client.del(WORKER)],
    ])('is put back while that one %s', async (_, act) => {
      await beat(1);
      const { result } = await fixStuckTasks(fixture.when('repair', act), FIX);
      expect(result.findings[0]).toMatchObject({ id: 'a', workerMovedOn: true, outcome: 'repaired' });
      expect(JSON.parse((await fixture.client.hGet(taskKey('a'), 'error_history'))!)[0].error).toBe(
        'Worker celery-host-7 was lost: it has sent heartbeats since, and the task was ACTIVE for 20m',
      );
    });

    test('is left alone if it started again with a new heartbeat, or if the heartbeat is as old as its start', async () => {
      await beat(1);
      const again = fixture.when('repair', () =>
        fixture.client.set(WORKER, String(startedAt / 1e6), { EX: 90 }),
      );
      expect((await fixStuckTasks(again, FIX)).result.findings[0]?.outcome).toBe('changed');
      expect((await fixStuckTasks(fixture.deps(), FIX)).result.findings).toEqual([]);
      await beat(1);
      const earlier = { ...FIX, activeTimeoutMs: 21 * 60_000 };
      expect((await fixStuckTasks(fixture.deps(), earlier)).result.findings).toEqual([]);
    });
  });

  test('a run that is stopped says what it did, and a second one completes it', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 50, seed: 6, faults: { stuckActive: 180 } });
    const stop = new AbortController();
    const progress = ({ step }: ProgressUpdate) => {
      if (step === 'repair') stop.abort(new StoppedError('SIGTERM'));
    };
    const first = await fixStuckTasks({ ...fixture.deps(), progress, signal: stop.signal }, FIX);
    expect(first.outcome).toBe('stopped');
    expect(first.result.kinds[0]).toMatchObject({ found: 180, repaired: 50, left: 130 });
    expect(await counterDifferences(fixture.client)).toEqual([]);
    expect(await fixture.client.exists('atf:maintenance-lock')).toBe(0);
    expect((await fixStuckTasks(fixture.deps(), FIX)).result.kinds[0]).toMatchObject({
      found: 130,
      repaired: 130,
    });
    expect(await checkModel(fixture.client)).toEqual({});
  });

  test('two runs at once put nothing back twice', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 7, faults: { stuckActive: 300 } });
    const runs = await Promise.allSettled([1, 2].map(() => fixStuckTasks(fixture.deps(), FIX)));
    expect(runs.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const run of runs) if (run.status === 'rejected') expect(run.reason.code).toBe('LOCKED');
    expect(await checkModel(fixture.client)).toEqual({});
  });

  test('nothing is written while another tool holds the lock, but a dry run looks', async () => {
    await fixture.write('a', stuck('a'));
    await fixture.client.set('atf:maintenance-lock', '{"tool":"reset-redis"}');
    const before = await fixture.digest();
    await expect(fixStuckTasks(fixture.deps(), FIX)).rejects.toMatchObject({ code: 'LOCKED' });
    expect((await fixStuckTasks(fixture.deps(), DRY_RUN)).outcome).toBe('found');
    expect(await fixture.digest()).toBe(before);
  });
});
