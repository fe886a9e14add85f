import { PRIMARY_QUEUE } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { deleteDefectiveTasks } from '../src/delete-defective-tasks.js';
import { DELETE, DRY_RUN, useFixture } from './support.js';

const fixture = useFixture();

/** 16 MB of names make a round: these are three. */
const TASKS = 600;
const WRITE = `local name = string.rep('x', 65000)
for i = 1, ${TASKS} do redis.call('HSET', 'task:' .. name .. i, 'state', 'COMPLETED') end
redis.call('RPUSH', '${PRIMARY_QUEUE}', name .. '1', 'other', name .. '${TASKS}')`;

test('more tasks than one round are all deleted, with their references', async () => {
  await fixture.client.eval(WRITE, {});
  const look = await deleteDefectiveTasks(fixture.deps(), DRY_RUN);
  expect(look.result).toMatchObject({ totalTasks: TASKS, toDelete: TASKS, defective: TASKS });
  expect(look.result.tasks.length).toBeLessThan(TASKS);
  const { outcome, result } = await deleteDefectiveTasks(fixture.deps(), DELETE);
  expect([outcome, result.deleted, result.left]).toEqual(['repaired', TASKS, 0]);
  expect(result.removed.listEntries).toBe(2);
  expect(await fixture.client.keys('*')).toEqual([PRIMARY_QUEUE]);
  expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['other']);
});
