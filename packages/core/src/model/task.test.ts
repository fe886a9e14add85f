import { readRecording } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { judgedFields, judgeTask } from './judge-task.js';
import { taskSchema } from './task.js';
import type { JudgedField } from './task-rules.js';

const SOUND = { task_id: 'a', state: 'PENDING', created_at: '2026-11-22T15:10:55.455220' };

describe('taskSchema', () => {
  test('knows every field of the recorded tasks', async () => {
    const hashes = (await readRecording()).filter(({ key }) => key.startsWith('task:'));
    const fields = new Set(hashes.flatMap(({ value }) => Object.keys(value)));
    expect([...fields].filter((field) => !(field in taskSchema.shape))).toEqual([]);
  });

  test('takes a task without a type for one to summarize', () => {
    expect(taskSchema.parse(SOUND).task_type).toBe('summarize');
    expect(taskSchema.parse({ ...SOUND, task_type: 'pdfxtract' }).task_type).toBe('pdfxtract');
  });

  test('keeps fields and states of a newer AsyncTaskFlow', () => {
    const newer = { ...SOUND, state: 'ARCHIVED', archived_at: 'once upon a time' };
    expect(taskSchema.parse(newer)).toMatchObject(newer);
  });

  test('lets the dates be empty that are set later, not the one of the creation', () => {
    expect(taskSchema.safeParse({ ...SOUND, updated_at: '', completed_at: '' }).success).toBe(true);
    expect(taskSchema.safeParse({ ...SOUND, created_at: '' }).success).toBe(false);
  });

  test.each(['task_id', 'state', 'created_at'])('refuses a task without %s', (field) => {
    expect(taskSchema.safeParse({ ...SOUND, [field]: undefined }).success).toBe(false);
  });
});

const codesOf = (field: JudgedField, value: string) => {
  const fields = judgedFields((name) => (name === field ? value : null));
  return judgeTask('a', { kind: 'hash', fields }).findings.flatMap(({ code, ...finding }) =>
    finding.field === field ? [code] : [],
  );
};

test('an id is any text but the empty one and the one that stands for none', () => {
  expect(codesOf('task_id', 'a')).toEqual([]);
  expect(codesOf('task_id', 'my task')).toEqual(['other-task-id']);
  expect(codesOf('task_id', '')).toEqual(['no-task-id']);
  expect(codesOf('task_id', 'unknown_id')).toEqual(['no-task-id']);
});

test('a date is wrong if Python reads none, or one in year 1', () => {
  expect(codesOf('created_at', '2026-11-22T15:10:55Z')).toEqual([]);
  expect(codesOf('created_at', '0001-01-01T00:00:00')).toEqual(['year-one']);
  expect(codesOf('created_at', 'yesterday')).toEqual(['unreadable-date']);
});

test.each(['0', '12', '-1'])('%j is a whole number', (value) => {
  expect(codesOf('retry_count', value)).toEqual([]);
});

test.each(['', ' 1', '1.5', '1e3', 'None', '١'])('%j is not a whole number', (value) => {
  expect(codesOf('retry_count', value)).toEqual(['not-a-number']);
});
