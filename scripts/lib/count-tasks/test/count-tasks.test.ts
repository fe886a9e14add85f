import { depsOf, type Redis, targetOf } from '@atf/core';
import { seedAsyncTaskFlow } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import { countTasks } from '../src/count-tasks.js';
import { renderCountTasks } from '../src/render.js';

const fixture = useEmptyRedis();

test('counts the tasks and writes nothing', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 1 });
  const before = await fixture.digest();
  const { outcome, result } = await countTasks(depsOf(targetOf(fixture.client as unknown as Redis)));
  expect([outcome, result]).toEqual(['clean', { tasks: 100 }]);
  expect(renderCountTasks({ result })).toEqual(['📊 Found 100 tasks']);
  expect(await fixture.digest()).toBe(before);
});
