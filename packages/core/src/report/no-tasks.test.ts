import { expect, test } from '@jest/globals';
import { emptyDatabaseLines, noTasksLines } from './no-tasks.js';

test('a database without a task is named, for it may be the wrong one', () => {
  const target = { host: 'db', port: 6379, database: 1, tls: false, user: 'ops' };
  expect(noTasksLines(0, target)).toEqual([expect.stringContaining('No task in redis://db:6379/1: ')]);
  expect(noTasksLines(0, null)).toEqual([expect.stringContaining('No task in this database: ')]);
  expect(noTasksLines(1, target)).toEqual([]);
  expect(emptyDatabaseLines(0, target)).toEqual([
    '⚠️  No key in redis://db:6379/1: if there should be some, check host, port and database number.',
  ]);
  expect(emptyDatabaseLines(1, target)).toEqual([]);
});
