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
import { DELETE, DRY_RUN, SOUND, useFixture } from './support.js';

const fixture = useFixture();
const folder = useFolder();
const DEFECTIVE = [...RECORDING.unknownIds, ...RECORDING.defectiveDlq];

describe('on the recording', () => {
  test('it finds exactly the four defective tasks, for the right reasons', async () => {
    await loadRecording(fixture.client);
    const { outcome, result } = await deleteDefectiveTasks(fixture.deps(), DRY_RUN);
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
    await loadRecording(fixture.client);
    const before = await fixture.digest();
    await deleteDefectiveTasks(fixture.deps(), DRY_RUN);
    expect(await fixture.digest()).toBe(before);
  });

  test('after the deletion no key, no queue and no counter knows them', async () => {
    await loadRecording(fixture.client);
    const { outcome, result } = await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(outcome).toBe('repaired');
    expect(result).toMatchObject({ deleted: 4, removed: { listEntries: 1, counted: 4 } });
    expect(await fixture.client.exists(DEFECTIVE.map(taskKey))).toBe(0);
    expect(await fixture.client.lRange('dlq:tasks', 0, -1)).toEqual([]);
    expect(await counterDifferences(fixture.client)).toEqual([]);
    expect(await readCounters(fixture.client)).toMatchObject({ COMPLETED: '17', DLQ: '0', FAILED: null });
  });

  test('a second run finds nothing', async () => {
    await loadRecording(fixture.client);
    await deleteDefectiveTasks(fixture.deps(), DELETE);
    const before = await fixture.digest();
    expect((await deleteDefectiveTasks(fixture.deps(), DELETE)).outcome).toBe('clean');
    expect(await fixture.digest()).toBe(before);
  });
});

describe('of what changes meanwhile', () => {
  test('a task that is repaired between the preview and the deletion survives', async () => {
    await loadRecording(fixture.client);
    const [repaired] = DEFECTIVE as [string];
    const confirm = async () => {
      await fixture.client.hSet(taskKey(repaired), { ...SOUND, task_id: repaired });
    };
    const { outcome, result } = await deleteDefectiveTasks({ ...fixture.deps(), confirm }, DELETE);
    expect(outcome).toBe('partial');
    expect(result).toMatchObject({ deleted: 3, changed: 1 });
    expect(await fixture.client.exists(taskKey(repaired))).toBe(1);
    expect(await counterDifferences(fixture.client)).toEqual([]);
  });

  test('a task that is deleted by others is gone, and counted once', async () => {
    await loadRecording(fixture.client);
    const gone = RECORDING.unknownIds[0];
    const confirm = async () => {
      await fixture.client.multi().del(taskKey(gone)).decr(counterKey('COMPLETED')).exec();
    };
    const { result } = await deleteDefectiveTasks({ ...fixture.deps(), confirm }, DELETE);
    expect(result).toMatchObject({ deleted: 3, gone: 1 });
    expect(await counterDifferences(fixture.client)).toEqual([]);
  });

  test('ids that come into a queue during the deletion are taken out as well', async () => {
    await loadRecording(fixture.client);
    const queued = RECORDING.unknownIds[0];
    const deps = fixture.deps();
    const progress: typeof deps.progress = ({ step }) => {
      if (step === 'delete') fixture.client.lPush(PRIMARY_QUEUE, queued).catch(() => {});
    };
    await deleteDefectiveTasks({ ...deps, progress }, DELETE);
    expect(await fixture.client.lPos(PRIMARY_QUEUE, queued)).toBeNull();
  });

  test('two runs at once do no harm: one waits for the other, and finds the tasks gone', async () => {
    const faults = { unknownId: 700, defectiveDlq: 400 };
    await seedAsyncTaskFlow(fixture.client, { tasks: 1_500, seed: 3, faults });
    const deps = { ...fixture.deps(), lockWaitMs: 30_000 };
    const runs = await Promise.all([1, 2].map(() => deleteDefectiveTasks(deps, DELETE)));
    expect(runs.map(({ result }) => result.deleted).reduce((a, b) => a + b)).toBe(1_100);
    expect(await checkModel(fixture.client)).toEqual({});
  });

  test('a run that is stopped leaves a true model, and a second one completes it', async () => {
    const faults = { unknownId: 300, defectiveDlq: 100 };
    await seedAsyncTaskFlow(fixture.client, { tasks: 500, seed: 4, faults });
    const stop = new AbortController();
    const progress = ({ step }: ProgressUpdate) => {
      if (step === 'delete') stop.abort(new StoppedError('SIGTERM'));
    };
    const first = await deleteDefectiveTasks({ ...fixture.deps(), progress, signal: stop.signal }, DELETE);
    expect(first).toMatchObject({ outcome: 'stopped', result: { deleted: 100, left: 300 } });
    expect(await counterDifferences(fixture.client)).toEqual([]);
    const second = await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(second).toMatchObject({ outcome: 'repaired', result: { deleted: 300 } });
    expect(await checkModel(fixture.client)).toEqual({});
  });
});

describe('references', () => {
  test('go from every queue, and the rest keeps its order', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 200, seed: 5 });
    const lists = ['tasks:pending:primary', 'tasks:pending:retry', 'dlq:tasks'];
    const ids = Array.from(
      { length: 150 },
      (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    );
    for (const id of ids) {
      await fixture.client.hSet(taskKey(id), { state: 'DLQ' });
      await fixture.client.hSet(dlqCopyKey(id), { state: 'DLQ' });
      await fixture.client.zAdd(SCHEDULED_SET, { value: id, score: 5 });
      for (const list of lists) await fixture.client.lPush(list, [`other-${id}`, id, id]);
    }
    const kept = await Promise.all(lists.map((list) => fixture.client.lRange(list, 0, -1)));
    const { result } = await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(result).toMatchObject({
      deleted: 150,
      removed: { listEntries: 900, scheduledEntries: 150, deadLetterCopies: 150 },
    });
    const gone = new Set(ids);
    for (const [i, list] of lists.entries()) {
      expect(await fixture.client.lRange(list, 0, -1)).toEqual(kept[i]!.filter((id) => !gone.has(id)));
    }
  });

  test('by the id of the field go too, unless that is the id of another task', async () => {
    await fixture.client.hSet('task:one', { ...SOUND, created_at: 'never', task_id: 'one-of-old' });
    await fixture.client.hSet('task:two', { ...SOUND, created_at: 'never', task_id: 'alive' });
    await fixture.client.hSet('task:alive', { ...SOUND, task_id: 'alive' });
    await fixture.client.rPush(PRIMARY_QUEUE, ['one', 'one-of-old', 'two', 'alive']);
    await fixture.client.zAdd(SCHEDULED_SET, { value: 'alive', score: 1 });
    await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['alive']);
    expect(await fixture.client.zRange(SCHEDULED_SET, 0, -1)).toEqual(['alive']);
    expect(await fixture.client.exists('task:alive')).toBe(1);
  });

  test('under a queue key that is no queue are left alone', async () => {
    await fixture.client.hSet('task:one', { state: 'DLQ' });
    await fixture.client.set(PRIMARY_QUEUE, 'no list');
    await fixture.client.set(SCHEDULED_SET, 'no sorted set');
    expect((await deleteDefectiveTasks(fixture.deps(), DELETE)).result.deleted).toBe(1);
    expect(await fixture.client.mGet([PRIMARY_QUEUE, SCHEDULED_SET])).toEqual(['no list', 'no sorted set']);
  });
});

describe('counters', () => {
  test('are not created where there are none', async () => {
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 50,
      seed: 6,
      counters: false,
      faults: { unknownId: 3 },
    });
    await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(Object.values(await readCounters(fixture.client))).toEqual([null, null, null, null, null, null]);
  });

  test.each(['abc', '007', '', ' 4', '99999999999999999999'])('that are %j stay as they are', async (raw) => {
    await fixture.client.hSet('task:one', { state: 'DLQ' });
    await fixture.client.set(counterKey('DLQ'), raw);
    expect((await deleteDefectiveTasks(fixture.deps(), DELETE)).result.deleted).toBe(1);
    expect(await fixture.client.get(counterKey('DLQ'))).toBe(raw);
  });
});

describe('the limit on the share of all tasks', () => {
  test('refuses to delete more than half of all tasks', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 10, seed: 7, faults: { unknownId: 11 } });
    const before = await fixture.digest();
    const half = { ...DELETE, maxDefectivePercent: 50 };
    await expect(deleteDefectiveTasks(fixture.deps(), half)).rejects.toMatchObject({ code: 'GUARD' });
    expect(await fixture.digest()).toBe(before);
    const look = await deleteDefectiveTasks(fixture.deps(), { ...half, dryRun: true });
    expect(look).toMatchObject({ outcome: 'found', result: { tooMany: true } });
  });

  test('names what it counted: keys that are not a hash are among them', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 10, seed: 7, faults: { notAHash: 30 } });
    const include = ['not-a-hash'] as const;
    await expect(
      deleteDefectiveTasks(fixture.deps(), { ...DELETE, include, maxDefectivePercent: 50 }),
    ).rejects.toMatchObject({ message: '30 of 40 keys under task: would be deleted' });
  });

  test('allows exactly half', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 10, seed: 7, faults: { unknownId: 10 } });
    const half = { ...DELETE, maxDefectivePercent: 50 };
    expect((await deleteDefectiveTasks(fixture.deps(), half)).result.deleted).toBe(10);
  });
});

test('with a backup large hashes go as well, whatever the order of their fields', async () => {
  await seedAsyncTaskFlow(fixture.client, {
    tasks: 200,
    seed: 9,
    contentBytes: 300,
    faults: { yearOne: 150 },
  });
  const { result } = await deleteDefectiveTasks(fixture.deps(), {
    ...DELETE,
    backup: join(folder, 'backup'),
  });
  expect(result).toMatchObject({ deleted: 150, changed: 0 });
  expect(await checkModel(fixture.client)).toEqual({});
});
