import { loadRecording, PRIMARY_QUEUE, RECORDING, SCHEDULED_SET, taskKey } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { backUpAndDelete, deleteTasks, taskRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const [SCHEDULED_ID] = RECORDING.overdueScheduled;
const [QUEUED_ID] = RECORDING.queuedPending;

beforeEach(() => loadRecording(emptied.client));

describe('a member of a sorted set with another score now', () => {
  const reschedule = () => emptied.client.zAdd(SCHEDULED_SET, { value: SCHEDULED_ID, score: 5 });

  test('is left, and both scores are named', async () => {
    const file = await backUpAndDelete(emptied, [SCHEDULED_ID]);
    await reschedule();
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.outcomes.members]).toEqual([
      'partial',
      expect.objectContaining({ restored: 0, there: 0, left: 1 }),
    ]);
    expect(result.problems).toEqual([
      {
        code: 'other-score',
        key: SCHEDULED_SET,
        detail: null,
        score: { member: SCHEDULED_ID, now: '5', backup: expect.stringMatching(/^\d+(\.\d+)?$/) },
      },
    ]);
    expect(await emptied.client.zScore(SCHEDULED_SET, SCHEDULED_ID)).toBe(5);
  });

  test('is replaced with --replace', async () => {
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, [SCHEDULED_ID]);
    await reschedule();
    const { outcome } = await emptied.restore(file, { replace: true });
    expect([outcome, await emptied.digest()]).toEqual(['repaired', before]);
  });
});

describe('the queues', () => {
  test('get no entry of a task that is not there', async () => {
    await emptied.client.lPush(PRIMARY_QUEUE, 'brief');
    await emptied.client.hSet(taskKey('brief'), 'state', 'PENDING');
    await emptied.client.expire(taskKey('brief'), 3_600);
    const queue = await emptied.client.lRange(PRIMARY_QUEUE, 0, -1);
    const [brief, queued] = await taskRecords(emptied, ['brief', QUEUED_ID]);
    await deleteTasks(emptied.client, ['brief', QUEUED_ID]);
    const expired = { ...brief!, task: { ...brief!.task, expiresAt: Date.now() - 1 } };
    const file = await emptied.backup([expired, queued!]);
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.outcomes.tasks.expired]).toEqual(['repaired', 1]);
    expect(await emptied.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(queue.slice(1));
  });

  test('that are something else now are left alone and named, and come back once they are renamed', async () => {
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, [QUEUED_ID, SCHEDULED_ID]);
    const others = await emptied.client.lRange(PRIMARY_QUEUE, 0, -1);
    const members = await emptied.client.zRangeWithScores(SCHEDULED_SET, 0, -1);
    await emptied.client.del([PRIMARY_QUEUE, SCHEDULED_SET]);
    await emptied.client.mSet({ [PRIMARY_QUEUE]: 'text', [SCHEDULED_SET]: 'text' });
    const { outcome, result } = await emptied.restore(file);
    expect(outcome).toBe('partial');
    expect(result.problems).toEqual([
      { code: 'not-a-sorted-set', key: SCHEDULED_SET, detail: null },
      { code: 'wrong-type', key: PRIMARY_QUEUE, detail: 'string' },
    ]);
    expect(await emptied.client.mGet([PRIMARY_QUEUE, SCHEDULED_SET])).toEqual(['text', 'text']);
    await emptied.client.del([PRIMARY_QUEUE, SCHEDULED_SET]);
    await emptied.client.rPush(PRIMARY_QUEUE, others);
    await emptied.client.zAdd(SCHEDULED_SET, members);
    expect((await emptied.restore(file)).outcome).toBe('repaired');
    expect(await emptied.digest()).toBe(before);
  });

  test('keep the expiry that they have', async () => {
    const file = await backUpAndDelete(emptied, [QUEUED_ID]);
    await emptied.client.expire(PRIMARY_QUEUE, 1_000);
    await emptied.restore(file);
    expect(await emptied.client.ttl(PRIMARY_QUEUE)).toBeGreaterThan(900);
  });
});
