import { expect, test } from '@jest/globals';
import { emptyWarningLines } from './empty-warning-lines.js';

test('a database without a task is named, for it may be the wrong one', () => {
  const target = { host: 'db', port: 6379, database: 1, tls: false, user: 'ops' };
  expect(emptyWarningLines(0, 'task', target)).toEqual([
    expect.stringContaining('No task in redis://db:6379/1: '),
  ]);
  expect(emptyWarningLines(0, 'task', null)).toEqual([expect.stringContaining('No task in this database: ')]);
  expect(emptyWarningLines(1, 'task', target)).toEqual([]);
  expect(emptyWarningLines(0, 'key', target)).toEqual([
    '⚠️  No key in redis://db:6379/1: if there should be some, check host, port and database number.',
  ]);
  expect(emptyWarningLines(1, 'key', target)).toEqual([]);
});
