import { expect, test } from '@jest/globals';
import { nothingLines } from './nothing-lines.js';

test('a database without a task is named, for it may be the wrong one', () => {
  const target = { host: 'db', port: 6379, database: 1, tls: false, user: 'ops' };
  expect(nothingLines(0, 'task', target)).toEqual([
    expect.stringContaining('No task in redis://db:6379/1: '),
  ]);
  expect(nothingLines(0, 'task', null)).toEqual([expect.stringContaining('No task in this database: ')]);
  expect(nothingLines(1, 'task', target)).toEqual([]);
  expect(nothingLines(0, 'key', target)).toEqual([
    '⚠️  No key in redis://db:6379/1: if there should be some, check host, port and database number.',
  ]);
  expect(nothingLines(1, 'key', target)).toEqual([]);
});
