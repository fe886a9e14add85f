import { dlqCopyKey, PRIMARY_QUEUE, taskKey } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { deleteDefectiveTasks } from '../src/delete-defective-tasks.js';
import { DELETE, DRY_RUN, SOUND, useFixture } from './support.js';

const fixture = useFixture();

describe('ids of more than a thousand bytes', () => {
  const long = 'x'.repeat(2_000);

  test('what belongs to an id that begins alike is left alone', async () => {
    const begins = long.slice(0, 1_000);
    await fixture.client.hSet(taskKey(long), { ...SOUND, task_id: long, created_at: '0001-01-01T00:00:00' });
    await fixture.client.hSet(dlqCopyKey(begins), SOUND);
    await fixture.client.rPush(PRIMARY_QUEUE, [begins, long]);
    const { result } = await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(result.deleted).toBe(1);
    expect(await fixture.client.exists(dlqCopyKey(begins))).toBe(1);
    expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual([begins]);
  });

  test('are compared whole', async () => {
    await fixture.client.hSet(taskKey(long), { ...SOUND, task_id: long, created_at: '2026-11-22T15:10:00Z' });
    await fixture.client.hSet(taskKey(`${long}y`), { ...SOUND, task_id: `${long}z` });
    const { result } = await deleteDefectiveTasks(fixture.deps(), { ...DRY_RUN, include: ['other-task-id'] });
    expect(result.tasks).toMatchObject([{ reasons: [{ code: 'other-task-id' }] }]);
  });
});
