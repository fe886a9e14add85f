import { expect, test } from '@jest/globals';
import { taskFindingText } from './task-finding-text.js';

test('a finding reads as English', () => {
  expect(taskFindingText({ code: 'no-task-id', value: null })).toBe('task_id is missing');
  expect(taskFindingText({ code: 'no-task-id', value: '' })).toBe('task_id is empty');
  expect(taskFindingText({ code: 'no-task-id', value: 'unknown_id' })).toBe('task_id is "unknown_id"');
  expect(taskFindingText({ code: 'missing-field', field: 'created_at', value: null })).toBe(
    'created_at is missing',
  );
  expect(taskFindingText({ code: 'year-one', field: 'updated_at', value: '0001-01-01T00:00:00' })).toBe(
    'updated_at is of year 1: "0001-01-01T00:00:00"',
  );
  expect(taskFindingText({ code: 'unreadable-date', field: 'dlq_at', value: 'None' })).toBe(
    'dlq_at is no date: "None"',
  );
  expect(taskFindingText({ code: 'not-a-hash', type: 'list' })).toBe('no hash, but a list');
  expect(taskFindingText({ code: 'other-task-id', value: 'x' })).toBe('task_id is "x", unlike its key');
  expect(taskFindingText({ code: 'unknown-state', value: 'ARCHIVED' })).toBe('unknown state "ARCHIVED"');
  expect(taskFindingText({ code: 'not-a-number', field: 'max_retries', value: null })).toBe(
    'max_retries is missing',
  );
  expect(taskFindingText({ code: 'not-a-number', field: 'retry_count', value: 'many' })).toBe(
    'retry_count is no number: "many"',
  );
  expect(taskFindingText({ code: 'unusable-retry-after', value: 'later' })).toBe(
    'retry_after is no time to retry at: "later"',
  );
});

test('what comes from Redis can neither steer a terminal nor fill it', () => {
  const text = taskFindingText({ code: 'unknown-state', value: `\u001b[2J${'x'.repeat(200)}` });
  expect(text).not.toContain('\u001b');
  expect(text.length).toBeLessThan(100);
});
