import { type ProgressUpdate, StoppedError } from '@atf/core';
import {
  activeTask,
  checkModel,
  counterDifferences,
  DLQ_LIST,
  dlqCopyKey,
  heartbeatKey,
  MINUTE,
  microsOf,
  PRIMARY_QUEUE,
  pendingTask,
  RETRY_QUEUE,
  SCHEDULED_SET,
  seedAsyncTaskFlow,
  type TaskFields,
  taskKey,
} from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { Kind } from '../src/kinds.js';
import { FIX, LOOK, useBench } from './support.js';

const bench = useBench();
const ALL = {
  stuckActive: 23,
  orphanedPending: 17,
  overdueScheduled: 19,
  orphanedScheduled: 13,
  orphanedDlq: 11,
  ghostEntry: 16,
  staleEntry: 18,
  duplicateEntry: 9,
};
const only = (...kinds: Kind[]) => ({ ...FIX, only: kinds });
const old = () => microsOf(new Date()) - 134 * MINUTE;
const stuck = (id: string): TaskFields =>
  activeTask({ id, content: 'text', createdAt: old() }, { workerId: 'dead', startedAt: old() });
const pending = (id: string): TaskFields => pendingTask({ id, content: 'text', createdAt: old() });
const completed = (id: string): TaskFields => ({ ...stuck(id), state: 'COMPLETED' });
const LONG = 'w'.repeat(1_500);
const write = (id: string, fields: TaskFields) => bench.client.hSet(taskKey(id), fields);
/** Does something once, when the work tells that it has come to a step. */
const when = (what: string, act: () => Promise<unknown>) => {
  let isDone = false;
  const progress = (update: ProgressUpdate) => {
    if (update.what !== what || isDone) return;
    isDone = true;
    act().catch(() => {});
  };
  return { ...bench.deps(), progress };
};

describe('on a system with every fault', () => {
  test('all is repaired in two runs: what is scheduled again is found overdue where no scheduler takes it', async () => {
    const manifest = await seedAsyncTaskFlow(bench.client, { tasks: 600, seed: 1, faults: ALL });
    const first = await fixStuckTasks(bench.deps(), FIX);
    expect(first.outcome).toBe('repaired');
    const counts = Object.fromEntries(first.result.kinds.map(({ kind, found }) => [kind, found]));
    expect(counts).toEqual({
      'stuck-active': 23,
      'orphaned-pending': 17,
      'orphaned-scheduled': 13,
      'overdue-scheduled': 19,
      'orphaned-dlq': 11,
      failed: 0,
      'ghost-entry': 16,
      'stale-entry': 27,
    });
    const { overdueScheduled, ...others } = await checkModel(bench.client);
    expect(others).toEqual({});
    expect(overdueScheduled?.sort()).toEqual(manifest.faults.orphanedScheduled.sort());
    const second = await fixStuckTasks(bench.deps(), FIX);
    expect(second.result.findings.map(({ kind }) => kind)).toEqual(Array(13).fill('overdue-scheduled'));
    expect(await checkModel(bench.client)).toEqual({});
    const before = await bench.digest();
    expect((await fixStuckTasks(bench.deps(), FIX)).outcome).toBe('clean');
    expect(await bench.digest()).toBe(before);
  });

  test('a dry run finds the same, and writes nothing', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 300, seed: 2, faults: ALL });
    const before = await bench.digest();
    const look = await fixStuckTasks(bench.deps(), LOOK);
    expect(look.outcome).toBe('found');
    expect(await bench.digest()).toBe(before);
    const { result } = await fixStuckTasks(bench.deps(), FIX);
    const idsOf = ({ findings }: typeof result) => findings.map(({ kind, id }) => `${kind} ${id}`).sort();
    expect(idsOf(result)).toEqual(idsOf(look.result));
  });

  test('a healthy one is left as it is', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 1_000, seed: 3 });
    const before = await bench.digest();
    expect((await fixStuckTasks(bench.deps(), FIX)).result.findings).toEqual([]);
    expect(await bench.digest()).toBe(before);
  });

  test('2,000 faults and lists of 20,000 take little time', async () => {
    const faults = {
      ghostEntry: 500,
      staleEntry: 250,
      duplicateEntry: 250,
      stuckActive: 500,
      overdueScheduled: 500,
    };
    await seedAsyncTaskFlow(bench.client, {
      tasks: 40_000,
      seed: 4,
      mix: { PENDING: 6, DLQ: 4 },
      faults,
    });
    const started = performance.now();
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    const seconds = (performance.now() - started) / 1000;
    expect({ outcome, found: result.findings.length }).toEqual({ outcome: 'repaired', found: 2_000 });
    expect(seconds).toBeLessThan(10);
    expect(await counterDifferences(bench.client)).toEqual([]);
    expect((await fixStuckTasks(bench.deps(), FIX)).outcome).toBe('clean');
  });
});

describe('entries', () => {
  test('that are wrong go, and the rest keeps its order', async () => {
    for (const id of ['a', 'b', 'c']) await write(id, pending(id));
    await write('done', completed('done'));
    await bench.client.rPush(PRIMARY_QUEUE, ['a', 'ghost', 'b', 'done', 'a', 'c', 'ghost', 'done']);
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ id, fault }) => `${id} ${fault}`).sort()).toEqual([
      'a twice',
      'done state',
      'ghost ghost',
    ]);
    // The older of two stays: queues grow at the head.
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['b', 'a', 'c']);
  });

  test.each([
    ['0', [PRIMARY_QUEUE, RETRY_QUEUE]],
    ['1', [RETRY_QUEUE, PRIMARY_QUEUE]],
  ])(
    'of a task in both pending lists go from one of them, be it once or several times: after %s attempts',
    async (retry_count, [stays, goes]) => {
      for (const [times, again] of [
        [1, 1],
        [3, 1],
        [1, 3],
        [2, 2],
      ]) {
        await bench.client.flushAll();
        await write('a', { ...pending('a'), retry_count });
        await bench.client.rPush(PRIMARY_QUEUE, Array(times).fill('a'));
        await bench.client.rPush(RETRY_QUEUE, Array(again).fill('a'));
        expect((await fixStuckTasks(bench.deps(), FIX)).outcome).toBe('repaired');
        expect(await bench.client.lRange(stays!, 0, -1)).toEqual(['a']);
        expect(await bench.client.exists(goes!)).toBe(0);
      }
    },
  );

  test('of a PENDING task go from tasks:scheduled where a pending list holds it; else it is put into one', async () => {
    await write('a', pending('a'));
    await write('b', pending('b'));
    await bench.client.sAdd('_kombu.binding.celery', 'x');
    await bench.client.rPush(PRIMARY_QUEUE, 'a');
    await bench.client.zAdd(
      SCHEDULED_SET,
      ['a', 'b'].map((value) => ({ value, score: 1 })),
    );
    expect((await fixStuckTasks(bench.deps(), FIX)).outcome).toBe('repaired');
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['b', 'a']);
    expect(await bench.client.exists(SCHEDULED_SET)).toBe(0);
  });

  test('of the dead letters stay where the dead-letter copy is all that is left', async () => {
    await bench.client.hSet(dlqCopyKey('copied'), { state: 'DLQ' });
    await bench.client.rPush(DLQ_LIST, ['copied', 'ghost']);
    await fixStuckTasks(bench.deps(), FIX);
    expect(await bench.client.lRange(DLQ_LIST, 0, -1)).toEqual(['copied']);
  });

  test('of a stuck task go first, then it is put back', async () => {
    await write('a', stuck('a'));
    await bench.client.rPush(PRIMARY_QUEUE, ['x', 'a']);
    await bench.client.zAdd(SCHEDULED_SET, { value: 'a', score: 1 });
    const { result } = await fixStuckTasks(bench.deps(), FIX);
    expect(result.findings.map(({ fate }) => fate)).toEqual(Array(4).fill('repaired'));
    expect(await bench.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['a']);
    expect(await bench.client.exists([PRIMARY_QUEUE, SCHEDULED_SET])).toBe(0);
  });
});

describe('of what changes meanwhile', () => {
  test('a PENDING task that is in no place at one look and in one at the other is left alone', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 50, seed: 5, faults: { orphanedPending: 2 } });
    await write('moving', pending('moving'));
    const deps = when('Waiting before a second look', () => bench.client.lPush(PRIMARY_QUEUE, 'moving'));
    const { result } = await fixStuckTasks(deps, FIX);
    expect(result.kinds.find(({ kind }) => kind === 'orphaned-pending')).toMatchObject({
      found: 2,
      repaired: 2,
    });
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toContain('moving');
    expect(await bench.client.hGet(taskKey('moving'), 'state')).toBe('PENDING');
  });

  test('a SCHEDULED task that a scheduler has taken out of the set is left to it', async () => {
    await write('due', { ...pending('due'), state: 'SCHEDULED', retry_after: '2026-01-01T00:00:00' });
    const deps = when('Waiting before a second look', async () => {
      await bench.client.lPush(RETRY_QUEUE, 'due');
      await write('due', { state: 'PENDING' });
    });
    expect((await fixStuckTasks(deps, FIX)).result.findings).toEqual([]);
    expect(await bench.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['due']);
    expect(await bench.client.exists(SCHEDULED_SET)).toBe(0);
  });

  test('an entry that is popped before it is removed is gone, and that is no failure of the others', async () => {
    await write('done', completed('done'));
    await bench.client.rPush(PRIMARY_QUEUE, ['done', 'x']);
    await bench.client.rPush(RETRY_QUEUE, 'ghost');
    const deps = when('Looking at tasks', () => bench.client.lPop(PRIMARY_QUEUE));
    const { outcome, result } = await fixStuckTasks(deps, FIX);
    expect(outcome).toBe('partial');
    expect(result.findings.map(({ id, fate }) => `${id} ${fate}`).sort()).toEqual([
      'done changed',
      'ghost repaired',
      'x repaired',
    ]);
    expect(await bench.client.exists([PRIMARY_QUEUE, RETRY_QUEUE])).toBe(0);
  });

  test('a task that comes into a queue during the repair is changed, and left alone', async () => {
    for (const id of ['a', 'b']) await write(id, stuck(id));
    await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
    const before = await bench.client.hGetAll(taskKey('a'));
    const deps = when('Repairing', () => bench.client.lPush(RETRY_QUEUE, 'a'));
    const { outcome, result } = await fixStuckTasks(deps, FIX);
    expect(outcome).toBe('partial');
    expect(result.findings.find(({ id }) => id === 'a')?.fate).toBe('changed');
    expect(await bench.client.hGetAll(taskKey('a'))).toEqual(before);
    expect((await bench.client.lRange(RETRY_QUEUE, 0, -1)).sort()).toEqual(['a', 'b']);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['its worker has finished it', () => write('a', { state: 'COMPLETED' })],
    ['its worker has started it anew', () => write('a', { started_at: '2026-11-22T15:10:00' })],
    ['it was tried once more', () => write('a', { retry_count: '1' })],
    ['its worker beats', () => bench.client.set(heartbeatKey('dead'), String(Date.now() / 1000))],
    ['it has got a beat that is old', () => bench.client.set(heartbeatKey('dead'), '1')],
    ['it was deleted', () => bench.client.del(taskKey('a'))],
  ])('a stuck task is left alone where %s', async (_, act) => {
    await write('a', stuck('a'));
    await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
    const { outcome, result } = await fixStuckTasks(when('Repairing', act), FIX);
    expect({ outcome, fate: result.findings[0]?.fate }).toEqual({ outcome: 'partial', fate: 'changed' });
    expect(await bench.client.exists(RETRY_QUEUE)).toBe(0);
  });

  test.each([
    ['repaired', 'is old', () => bench.client.set(heartbeatKey(LONG), '1'), async () => {}],
    ['changed', 'comes meanwhile', async () => {}, () => bench.client.set(heartbeatKey(LONG), '1')],
  ])('a stuck task is %s where the heartbeat of its worker with a very long id %s', async (...all) => {
    const [fate, , before, act] = all;
    await write('a', { ...stuck('a'), worker_id: LONG });
    await before();
    await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
    const { result } = await fixStuckTasks(when('Repairing', act), FIX);
    expect(result.findings[0]?.fate).toBe(fate);
  });

  test('a run that is stopped says what it did, and a second one completes it', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 50, seed: 6, faults: { stuckActive: 180 } });
    const stop = new AbortController();
    const progress = ({ what }: ProgressUpdate) => {
      if (what === 'Repairing') stop.abort(new StoppedError('SIGTERM'));
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
    await write('a', stuck('a'));
    await bench.client.set('atf:maintenance-lock', '{"tool":"reset-redis"}');
    const before = await bench.digest();
    await expect(fixStuckTasks(bench.deps(), FIX)).rejects.toMatchObject({ code: 'LOCKED' });
    expect((await fixStuckTasks(bench.deps(), LOOK)).outcome).toBe('found');
    expect(await bench.digest()).toBe(before);
  });
});

describe('options', () => {
  test('limit: the oldest are repaired, the rest is left', async () => {
    for (const [i, id] of ['a', 'b', 'c'].entries()) {
      await write(id, { ...stuck(id), started_at: `2026-11-0${i + 1}T00:00:00`, updated_at: '' });
    }
    const { outcome, result } = await fixStuckTasks(bench.deps(), { ...FIX, limit: 2 });
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ id, fate }) => [id, fate])).toEqual([
      ['a', 'repaired'],
      ['b', 'repaired'],
      ['c', 'left'],
    ]);
    expect(await bench.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['a', 'b']);
  });

  test('limit: an entry goes before its task is put back, so that each run gets on', async () => {
    await write('a', stuck('a'));
    await bench.client.rPush(PRIMARY_QUEUE, 'a');
    const fates = [];
    let at = Date.now();
    const deps = { ...bench.deps(), now: () => new Date(at++) };
    for (let run = 0; run < 2; run++) {
      const { outcome, result } = await fixStuckTasks(deps, { ...FIX, limit: 1 });
      fates.push([outcome, ...result.findings.map(({ kind, fate }) => `${kind} ${fate}`)]);
    }
    expect(fates).toEqual([
      ['repaired', 'stale-entry repaired', 'stuck-active left'],
      ['repaired', 'stuck-active repaired'],
    ]);
    expect(await bench.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['a']);
  });

  test('only: a task whose entry in a queue is not looked for is left alone, and that is said', async () => {
    await write('a', stuck('a'));
    await write('b', { ...pending('b'), state: 'SCHEDULED' });
    await bench.client.rPush(PRIMARY_QUEUE, ['a', 'b']);
    await bench.client.zAdd(SCHEDULED_SET, { value: 'b', score: 1 });
    const before = await bench.digest();
    const { outcome, result } = await fixStuckTasks(bench.deps(), only('stuck-active', 'overdue-scheduled'));
    expect(outcome).toBe('partial');
    const obstacle = { code: 'in-wrong-queue', queue: PRIMARY_QUEUE, type: null };
    expect([...result.findings].sort((a, b) => a.id.localeCompare(b.id))).toMatchObject([
      { id: 'a', fate: 'reported', obstacle },
      { id: 'b', fate: 'reported', obstacle },
    ]);
    expect(await bench.digest()).toBe(before);
  });

  test('only: nothing else is looked for', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 50, seed: 8, faults: ALL });
    const { result } = await fixStuckTasks(bench.deps(), only('orphaned-dlq', 'ghost-entry'));
    expect(result.kinds).toMatchObject([
      { kind: 'orphaned-dlq', repaired: 11 },
      { kind: 'ghost-entry', repaired: 16 },
    ]);
    expect(result.findings).toHaveLength(27);
  });

  test('include: FAILED is only reported without it', async () => {
    await write('a', { ...stuck('a'), state: 'FAILED' });
    const before = await bench.digest();
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect(outcome).toBe('clean');
    expect(result.findings).toMatchObject([{ kind: 'failed', fate: 'reported', repair: null }]);
    expect(await bench.digest()).toBe(before);
    expect((await fixStuckTasks(bench.deps(), { ...FIX, include: ['failed'] })).outcome).toBe('repaired');
  });
});

describe('whatever stands in Redis', () => {
  test.each<[string, Kind]>([
    [PRIMARY_QUEUE, 'orphaned-pending'],
    [RETRY_QUEUE, 'stuck-active'],
    [SCHEDULED_SET, 'orphaned-scheduled'],
    [DLQ_LIST, 'orphaned-dlq'],
  ])(
    'a %s that is a string is left alone, and so is what would go there: that is not all right',
    async (key, kind) => {
      await bench.client.sAdd('_kombu.binding.celery', 'x');
      const state = {
        'orphaned-pending': 'PENDING',
        'stuck-active': 'ACTIVE',
        'orphaned-scheduled': 'SCHEDULED',
      }[kind as string];
      await write('a', { ...stuck('a'), state: state ?? 'DLQ' });
      await bench.client.set(key, 'a string');
      const before = await bench.digest();
      expect((await fixStuckTasks(bench.deps(), LOOK)).outcome).toBe('found');
      const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
      expect(outcome).toBe('partial');
      expect(result.foreignQueues).toEqual([{ key, type: 'string' }]);
      const obstacle = { code: 'no-queue', queue: key, type: 'string' };
      expect(result.findings).toMatchObject([{ kind, fate: 'reported', obstacle }]);
      expect(await bench.digest()).toBe(before);
    },
  );

  test('ids may hold any bytes', async () => {
    const id = Buffer.from([0xff, 0x00, 0x0a, 0xfe]);
    const key = Buffer.concat([Buffer.from('task:'), id]);
    await bench.client.hSet(key, Object.entries(stuck('x')).flat());
    await bench.client.rPush(PRIMARY_QUEUE, Buffer.from([0xc3, 0x28]));
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ id: text }) => text)).toEqual(['\\xff\0\n\\xfe', '\\xc3(']);
    expect(await bench.client.lPos(RETRY_QUEUE, id as never)).toBe(0);
    expect(await bench.client.exists(PRIMARY_QUEUE)).toBe(0);
  });

  test('defective tasks are counted, and left to another tool', async () => {
    await seedAsyncTaskFlow(bench.client, {
      tasks: 20,
      seed: 9,
      faults: { missingState: 2, notAHash: 2, unknownState: 2, defectiveDlq: 1 },
    });
    const { task_id: _, ...headless } = stuck('a');
    await write('a', headless);
    await write('b', { ...completed('b'), created_at: '' });
    await bench.client.rPush(PRIMARY_QUEUE, 'b');
    const before = await bench.digest();
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect({ outcome, defective: result.defective }).toEqual({ outcome: 'clean', defective: 4 });
    expect(await bench.digest()).toBe(before);
  });

  test('contents are never read', async () => {
    await bench.client.hSet(taskKey('a'), { ...stuck('a'), content: 'x'.repeat(40_000_000) });
    await bench.client.configResetStat();
    const { outcome } = await fixStuckTasks(bench.deps(), FIX);
    expect(outcome).toBe('repaired');
    const stats = await bench.client.info('stats');
    expect(Number(/total_net_output_bytes:(\d+)/.exec(stats)![1])).toBeLessThan(100_000);
    expect(await bench.client.hStrLen(taskKey('a'), 'content')).toBe(40_000_000);
  });
});
