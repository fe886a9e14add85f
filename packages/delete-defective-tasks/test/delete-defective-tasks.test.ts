import { join } from 'node:path';
import { type ProgressUpdate, StoppedError } from '@atf/core';
import {
  checkModel,
  counterDifferences,
  counterKey,
  dlqCopyKey,
  loadRecording,
  PRIMARY_QUEUE,
  RECORDING,
  readCounters,
  SCHEDULED_SET,
  seedAsyncTaskFlow,
  taskKey,
} from '@atf/sandbox';
import { useFolder } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { deleteDefectiveTasks } from '../src/delete-defective-tasks.js';
import { DELETE, LOOK, SOUND, useBench } from './support.js';

const bench = useBench();
const folder = useFolder();
const DEFECTIVE = [...RECORDING.unknownIds, ...RECORDING.defectiveDlq];

describe('on the recording', () => {
  test('it finds exactly the four defective tasks, for the right reasons', async () => {
    await loadRecording(bench.client);
    const { outcome, result } = await deleteDefectiveTasks(bench.deps(), LOOK);
    expect(outcome).toBe('found');
    expect(result.tasks.map(({ key }) => key).sort()).toEqual(DEFECTIVE.map(taskKey).sort());
    for (const { reasons } of result.tasks) {
      expect(reasons).toEqual([
        { code: 'no-task-id', field: 'task_id', value: null },
        { code: 'missing-field', field: 'created_at', value: null },
      ]);
    }
  });

  test('a dry run writes nothing', async () => {
    await loadRecording(bench.client);
    const before = await bench.digest();
    await deleteDefectiveTasks(bench.deps(), LOOK);
    expect(await bench.digest()).toBe(before);
  });

  test('after the deletion no key, no queue and no counter knows them', async () => {
    await loadRecording(bench.client);
    const { outcome, result } = await deleteDefectiveTasks(bench.deps(), DELETE);
    expect(outcome).toBe('repaired');
    expect(result).toMatchObject({ deleted: 4, removed: { listEntries: 1, counted: 4 } });
    expect(await bench.client.exists(DEFECTIVE.map(taskKey))).toBe(0);
    expect(await bench.client.lRange('dlq:tasks', 0, -1)).toEqual([]);
    expect(await counterDifferences(bench.client)).toEqual([]);
    expect(await readCounters(bench.client)).toMatchObject({ COMPLETED: '17', DLQ: '0', FAILED: null });
  });

  test('a second run finds nothing', async () => {
    await loadRecording(bench.client);
    await deleteDefectiveTasks(bench.deps(), DELETE);
    const before = await bench.digest();
    expect((await deleteDefectiveTasks(bench.deps(), DELETE)).outcome).toBe('clean');
    expect(await bench.digest()).toBe(before);
  });
});

describe('of what changes meanwhile', () => {
  test('a task that is repaired between the preview and the deletion survives', async () => {
    await loadRecording(bench.client);
    const [repaired] = DEFECTIVE as [string];
    const confirm = async () => {
      await bench.client.hSet(taskKey(repaired), { ...SOUND, task_id: repaired });
    };
    const { outcome, result } = await deleteDefectiveTasks({ ...bench.deps(), confirm }, DELETE);
    expect(outcome).toBe('partial');
    expect(result).toMatchObject({ deleted: 3, changed: 1 });
    expect(await bench.client.exists(taskKey(repaired))).toBe(1);
    expect(await counterDifferences(bench.client)).toEqual([]);
  });

  test('a task that is deleted by others is gone, and counted once', async () => {
    await loadRecording(bench.client);
    const gone = RECORDING.unknownIds[0];
    const confirm = async () => {
      await bench.client.multi().del(taskKey(gone)).decr(counterKey('COMPLETED')).exec();
    };
    const { result } = await deleteDefectiveTasks({ ...bench.deps(), confirm }, DELETE);
    expect(result).toMatchObject({ deleted: 3, gone: 1 });
    expect(await counterDifferences(bench.client)).toEqual([]);
  });

  test('ids that come into a queue during the deletion are taken out as well', async () => {
    await loadRecording(bench.client);
    const queued = RECORDING.unknownIds[0];
    const deps = bench.deps();
    const progress: typeof deps.progress = ({ step }) => {
      if (step === 'delete') bench.client.lPush(PRIMARY_QUEUE, queued).catch(() => {});
    };
    await deleteDefectiveTasks({ ...deps, progress }, DELETE);
    expect(await bench.client.lPos(PRIMARY_QUEUE, queued)).toBeNull();
  });

  test('two runs at once do no harm: one waits for the other, and finds the tasks gone', async () => {
    const faults = { unknownId: 700, defectiveDlq: 400 };
    await seedAsyncTaskFlow(bench.client, { tasks: 1_500, seed: 3, faults });
    const deps = { ...bench.deps(), lockWaitMs: 30_000 };
    const runs = await Promise.all([1, 2].map(() => deleteDefectiveTasks(deps, DELETE)));
    expect(runs.map(({ result }) => result.deleted).reduce((a, b) => a + b)).toBe(1_100);
    expect(await checkModel(bench.client)).toEqual({});
  });

  test('a run that is stopped leaves a true model, and a second one completes it', async () => {
    const faults = { unknownId: 300, defectiveDlq: 100 };
    await seedAsyncTaskFlow(bench.client, { tasks: 500, seed: 4, faults });
    const stop = new AbortController();
    const progress = ({ step }: ProgressUpdate) => {
      if (step === 'delete') stop.abort(new StoppedError('SIGTERM'));
    };
    const first = await deleteDefectiveTasks({ ...bench.deps(), progress, signal: stop.signal }, DELETE);
    expect(first).toMatchObject({ outcome: 'stopped', result: { deleted: 100, left: 300 } });
    expect(await counterDifferences(bench.client)).toEqual([]);
    const second = await deleteDefectiveTasks(bench.deps(), DELETE);
    expect(second).toMatchObject({ outcome: 'repaired', result: { deleted: 300 } });
    expect(await checkModel(bench.client)).toEqual({});
  });
});

describe('references', () => {
  test('go from every queue, and the rest keeps its order', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 200, seed: 5 });
    const lists = ['tasks:pending:primary', 'tasks:pending:retry', 'dlq:tasks'];
    const ids = Array.from(
      { length: 150 },
      (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    );
    for (const id of ids) {
      await bench.client.hSet(taskKey(id), { state: 'DLQ' });
      await bench.client.hSet(dlqCopyKey(id), { state: 'DLQ' });
      await bench.client.zAdd(SCHEDULED_SET, { value: id, score: 5 });
      for (const list of lists) await bench.client.lPush(list, [`other-${id}`, id, id]);
    }
    const kept = await Promise.all(lists.map((list) => bench.client.lRange(list, 0, -1)));
    const { result } = await deleteDefectiveTasks(bench.deps(), DELETE);
    expect(result).toMatchObject({
      deleted: 150,
      removed: { listEntries: 900, scheduledEntries: 150, deadLetterCopies: 150 },
    });
    const gone = new Set(ids);
    for (const [i, list] of lists.entries()) {
      expect(await bench.client.lRange(list, 0, -1)).toEqual(kept[i]!.filter((id) => !gone.has(id)));
    }
  });

  test('by the id of the field go too, unless that is the id of another task', async () => {
    await bench.client.hSet('task:one', { ...SOUND, created_at: 'never', task_id: 'one-of-old' });
    await bench.client.hSet('task:two', { ...SOUND, created_at: 'never', task_id: 'alive' });
    await bench.client.hSet('task:alive', { ...SOUND, task_id: 'alive' });
    await bench.client.rPush(PRIMARY_QUEUE, ['one', 'one-of-old', 'two', 'alive']);
    await bench.client.zAdd(SCHEDULED_SET, { value: 'alive', score: 1 });
    await deleteDefectiveTasks(bench.deps(), DELETE);
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['alive']);
    expect(await bench.client.zRange(SCHEDULED_SET, 0, -1)).toEqual(['alive']);
    expect(await bench.client.exists('task:alive')).toBe(1);
  });

  test('under a queue key that is no queue are left alone', async () => {
    await bench.client.hSet('task:one', { state: 'DLQ' });
    await bench.client.set(PRIMARY_QUEUE, 'no list');
    await bench.client.set(SCHEDULED_SET, 'no sorted set');
    expect((await deleteDefectiveTasks(bench.deps(), DELETE)).result.deleted).toBe(1);
    expect(await bench.client.mGet([PRIMARY_QUEUE, SCHEDULED_SET])).toEqual(['no list', 'no sorted set']);
  });
});

describe('counters', () => {
  test('are not created where there are none', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 50, seed: 6, counters: false, faults: { unknownId: 3 } });
    await deleteDefectiveTasks(bench.deps(), DELETE);
    expect(Object.values(await readCounters(bench.client))).toEqual([null, null, null, null, null, null]);
  });

  test.each(['abc', '007', '', ' 4', '99999999999999999999'])('that are %j stay as they are', async (raw) => {
    await bench.client.hSet('task:one', { state: 'DLQ' });
    await bench.client.set(counterKey('DLQ'), raw);
    expect((await deleteDefectiveTasks(bench.deps(), DELETE)).result.deleted).toBe(1);
    expect(await bench.client.get(counterKey('DLQ'))).toBe(raw);
  });
});

describe('the limit on the share of all tasks', () => {
  test('refuses to delete more than half of all tasks', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 10, seed: 7, faults: { unknownId: 11 } });
    const before = await bench.digest();
    const half = { ...DELETE, maxDefectivePercent: 50 };
    await expect(deleteDefectiveTasks(bench.deps(), half)).rejects.toMatchObject({ code: 'GUARD' });
    expect(await bench.digest()).toBe(before);
    const look = await deleteDefectiveTasks(bench.deps(), { ...half, dryRun: true });
    expect(look).toMatchObject({ outcome: 'found', result: { tooMany: true } });
  });

  test('names what it counted: keys that are not a hash are among them', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 10, seed: 7, faults: { notAHash: 30 } });
    const include = ['not-a-hash'] as const;
    await expect(
      deleteDefectiveTasks(bench.deps(), { ...DELETE, include, maxDefectivePercent: 50 }),
    ).rejects.toMatchObject({ message: '30 of 40 keys under task: would be deleted' });
  });

  test('allows exactly half', async () => {
    await seedAsyncTaskFlow(bench.client, { tasks: 10, seed: 7, faults: { unknownId: 10 } });
    const half = { ...DELETE, maxDefectivePercent: 50 };
    expect((await deleteDefectiveTasks(bench.deps(), half)).result.deleted).toBe(10);
  });
});

test('with a backup large hashes go as well, whatever the order of their fields', async () => {
  await seedAsyncTaskFlow(bench.client, {
    tasks: 200,
    seed: 9,
    contentBytes: 300,
    faults: { yearOne: 150 },
  });
  const { result } = await deleteDefectiveTasks(bench.deps(), {
    ...DELETE,
    backup: join(folder, 'backup'),
  });
  expect(result).toMatchObject({ deleted: 150, changed: 0 });
  expect(await checkModel(bench.client)).toEqual({});
});
