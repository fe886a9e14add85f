import {
  counterDifferences,
  counterKey,
  countStates,
  DLQ_LIST,
  dlqCopyKey,
  loadRecording,
  RECORDING,
  readCounters,
  SCHEDULED_SET,
  taskKey,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { backUpAndDelete, deleteTasks, taskRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const DEFECTIVE = [...RECORDING.unknownIds, ...RECORDING.defectiveDlq];
const [DLQ_ID] = RECORDING.defectiveDlq;
const [SCHEDULED_ID] = RECORDING.overdueScheduled;
const [QUEUED_ID] = RECORDING.queuedPending;
const IDS = [
  ...DEFECTIVE,
  ...RECORDING.queuedPending,
  ...RECORDING.overdueScheduled,
  ...RECORDING.stuckActive,
];

const STATE_COUNTERS = Object.keys(RECORDING.states).map(
  (state) => `metrics:tasks:state:${state.toLowerCase()}`,
);
const countTasks = async () => (await countStates(emptied.client)).states;

beforeEach(async () => {
  await loadRecording(emptied.client);
  await emptied.client.hSet(dlqCopyKey(DLQ_ID), { task_id: DLQ_ID, last_error: 'x'.repeat(100) });
});

describe('tasks that were deleted', () => {
  test('come back with all that knew them: the database is as it was', async () => {
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, IDS);
    expect(await emptied.digest()).not.toBe(before);
    const { outcome, result } = await emptied.restore(file);
    expect(await emptied.digest()).toBe(before);
    expect(outcome).toBe('repaired');
    expect(result).toMatchObject({
      backup: { file, complete: true },
      sameTarget: true,
      records: IDS.length,
      outcomes: {
        tasks: { restored: IDS.length },
        copies: { restored: 1 },
        members: { restored: 4 },
        entries: { restored: 4 },
      },
      counters: [
        { state: 'PENDING', change: 3 },
        { state: 'ACTIVE', change: 3 },
        { state: 'COMPLETED', change: 3 },
        { state: 'SCHEDULED', change: 4 },
        { state: 'DLQ', change: 1 },
      ],
      problemCount: 0,
    });
  });

  test('are all there at a second run: it finds nothing to do, and counts nothing twice', async () => {
    const file = await backUpAndDelete(emptied, IDS);
    await emptied.restore(file);
    const before = await emptied.digest();
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, await emptied.digest()]).toEqual(['clean', before]);
    expect(result).toMatchObject({
      outcomes: {
        tasks: { restored: 0, there: IDS.length, left: 0 },
        entries: { restored: 0, there: 4 },
      },
      counters: [],
    });
  });

  test.each([false, true])('are only looked for by a dry run (--replace: %s)', async (replace) => {
    const file = await backUpAndDelete(emptied, IDS);
    const before = await emptied.digest();
    const look = await emptied.restore(file, { dryRun: true, replace });
    expect([look.outcome, await emptied.digest()]).toEqual(['found', before]);
    const { result } = await emptied.restore(file);
    expect(look.result).toEqual(result);
    expect((await emptied.restore(file, { dryRun: true, replace })).outcome).toBe('clean');
  });

  test('come back where a part of them was never deleted', async () => {
    const before = await emptied.digest();
    const file = await emptied.backup(await taskRecords(emptied, IDS));
    await deleteTasks(emptied.client, IDS.slice(3, 8));
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, await emptied.digest()]).toEqual(['repaired', before]);
    expect(result.outcomes.tasks).toMatchObject({ restored: 5, there: IDS.length - 5 });
  });

  test('bring back a list and a sorted set that went with them', async () => {
    const ids = [...new Set(await emptied.client.lRange(DLQ_LIST, 0, -1)), ...RECORDING.overdueScheduled];
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, ids);
    expect(await emptied.client.exists([DLQ_LIST, SCHEDULED_SET])).toBe(0);
    await emptied.restore(file);
    expect(await emptied.digest()).toBe(before);
  });
});

describe('a task that exists now', () => {
  const write = () => emptied.client.hSet(taskKey(SCHEDULED_ID), { state: 'COMPLETED', result: 'new' });

  test('and is another stays as it is, with its places and counters', async () => {
    const file = await backUpAndDelete(emptied, [SCHEDULED_ID, QUEUED_ID]);
    await write();
    const counters = await readCounters(emptied.client);
    const { outcome, result } = await emptied.restore(file);
    expect(outcome).toBe('partial');
    expect(result.problems).toEqual([{ code: 'differs', key: taskKey(SCHEDULED_ID), detail: null }]);
    expect(await emptied.client.hGetAll(taskKey(SCHEDULED_ID))).toEqual({
      state: 'COMPLETED',
      result: 'new',
    });
    expect(await emptied.client.zScore(SCHEDULED_SET, SCHEDULED_ID)).toBeNull();
    expect(await readCounters(emptied.client)).toEqual({ ...counters, PENDING: '10' });
  });

  test('is replaced with --replace, and the counters know it', async () => {
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, [SCHEDULED_ID]);
    await write();
    await emptied.client.incr(counterKey('COMPLETED'));
    await emptied.client.zAdd(SCHEDULED_SET, { value: SCHEDULED_ID, score: 1 });
    const { outcome, result } = await emptied.restore(file, { replace: true });
    expect([outcome, await emptied.digest()]).toEqual(['repaired', before]);
    expect(result.counters).toEqual([
      { state: 'COMPLETED', change: -1 },
      { state: 'SCHEDULED', change: 1 },
    ]);
  });

  test('with the same fields in another order is the same', async () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, String(i).repeat(30)]));
    await emptied.client.hSet(taskKey('wide'), fields);
    const file = await backUpAndDelete(emptied, ['wide']);
    await emptied.client.hSet(taskKey('wide'), Object.fromEntries(Object.entries(fields).reverse()));
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.outcomes.tasks.there]).toEqual(['clean', 1]);
  });
});

describe('the counters', () => {
  test('that do not exist are not created', async () => {
    await emptied.client.del(STATE_COUNTERS);
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, IDS);
    await emptied.restore(file);
    expect([await emptied.client.exists(STATE_COUNTERS), await emptied.digest()]).toEqual([0, before]);
  });

  test('that went away meanwhile are not created either', async () => {
    const file = await backUpAndDelete(emptied, [DLQ_ID]);
    await emptied.client.del(counterKey('DLQ'));
    const { outcome } = await emptied.restore(file);
    expect([outcome, await emptied.client.exists(counterKey('DLQ'))]).toEqual(['repaired', 0]);
  });

  test('that were made after the deletion are raised by the state that the hash has', async () => {
    await emptied.client.del(STATE_COUNTERS);
    const file = await backUpAndDelete(emptied, IDS);
    for (const [state, count] of Object.entries(await countTasks()))
      await emptied.client.set(`metrics:tasks:state:${state.toLowerCase()}`, String(count));
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, await counterDifferences(emptied.client)]).toEqual(['repaired', []]);
    expect(result.counters.reduce((sum, { change }) => sum + change, 0)).toBe(IDS.length);
  });

  test.each(['abc', '', ' 1', '99999999999999999999'])(
    'that hold %j are left alone, and named',
    async (value) => {
      const file = await backUpAndDelete(emptied, RECORDING.unknownIds);
      await emptied.client.set(counterKey('COMPLETED'), value);
      const { outcome, result } = await emptied.restore(file);
      expect(outcome).toBe('partial');
      expect(result.problems).toEqual([{ code: 'not-a-number', key: counterKey('COMPLETED'), detail: null }]);
      expect(await emptied.client.get(counterKey('COMPLETED'))).toBe(value);
      expect(result.outcomes.tasks.restored).toBe(3);
    },
  );
});
