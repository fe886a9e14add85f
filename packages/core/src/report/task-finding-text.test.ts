import { expect, test } from '@jest/globals';
import { taskFindingSummary, taskFindingText } from './task-finding-text.js';

test.each([
  [{ code: 'no-task-id', field: 'task_id', value: null }, 'task_id is missing'],
  [{ code: 'no-task-id', field: 'task_id', value: '' }, 'task_id is empty'],
  [{ code: 'no-task-id', field: 'task_id', value: 'unknown_id' }, 'task_id is "unknown_id"'],
  [{ code: 'missing-field', field: 'created_at', value: null }, 'created_at is missing'],
  [{ code: 'year-one', field: 'updated_at', value: '0001-01-01' }, 'updated_at is in year 1: "0001-01-01"'],
  [{ code: 'unreadable-date', field: 'dlq_at', value: 'None' }, 'dlq_at is not a date: "None"'],
  [{ code: 'not-a-hash', field: null, value: 'list' }, 'not a hash, but a list'],
  [
    { code: 'unrelated', field: null, value: 'hash' },
    "another program's hash: it has no field and no name of a task",
  ],
  [{ code: 'other-task-id', field: 'task_id', value: 'x' }, 'task_id is "x", unlike its key'],
  [{ code: 'unknown-state', field: 'state', value: 'ARCHIVED' }, 'unknown state "ARCHIVED"'],
  [{ code: 'not-a-number', field: 'max_retries', value: null }, 'max_retries is missing'],
  [{ code: 'not-a-number', field: 'retry_count', value: 'many' }, 'retry_count is not a number: "many"'],
  [
    { code: 'unusable-retry-after', field: 'retry_after', value: 'later' },
    'retry_after is not a time to retry at: "later"',
  ],
] as const)('%j reads as English', (finding, text) => {
  expect(taskFindingText(finding)).toBe(text);
});

test('what comes from Redis can neither steer a terminal nor fill it', () => {
  const text = taskFindingText({
    code: 'unknown-state',
    field: 'state',
    value: `\u001b[2J${'x'.repeat(200)}`,
  });
  expect(text).not.toContain('\u001b');
  expect(text.length).toBeLessThan(100);
});

test.each([
  [
    { code: 'no-task-id', field: 'task_id' },
    'task_id is missing, empty or unknown_id: the dashboard shows unknown_id',
  ],
  [{ code: 'missing-field', field: 'state' }, 'state is missing or empty'],
  [{ code: 'year-one', field: 'updated_at' }, 'updated_at is in year 1'],
  [{ code: 'unreadable-date', field: 'dlq_at' }, 'dlq_at is not a date'],
  [{ code: 'other-task-id', field: 'task_id' }, 'task_id is unlike the key'],
  [{ code: 'unknown-state', field: 'state' }, 'state is unknown'],
  [{ code: 'not-a-number', field: 'retry_count' }, 'retry_count is not a number'],
  [{ code: 'unusable-retry-after', field: 'retry_after' }, 'retry_after is not a time to retry at'],
  [{ code: 'not-a-hash', field: null }, 'not a hash'],
  [{ code: 'unrelated', field: null }, "another program's hash"],
] as const)('%j reads as English without a value', (finding, text) => {
  expect(taskFindingSummary(finding)).toBe(text);
});
