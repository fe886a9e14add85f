import { expect, test } from '@jest/globals';
import { counted } from './counted.js';

test('a number has its noun in singular or plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'task'))).toEqual(['0 tasks', '1 task', '2 tasks']);
  expect([0, 1].map((count) => counted(count, 'entry', 'entries'))).toEqual(['0 entries', '1 entry']);
});
