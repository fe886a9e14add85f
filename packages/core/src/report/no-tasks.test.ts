import { expect, test } from '@jest/globals';
import { noTasksLines } from './no-tasks.js';

test('a database without a task is told, for it may be the wrong one', () => {
  expect(noTasksLines(0)).toEqual([expect.stringMatching(/^⚠️ {2}No task in this database/)]);
  expect(noTasksLines(1)).toEqual([]);
});
