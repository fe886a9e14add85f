import { readRecording } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { dateFault, isTaskId, isWholeNumber, taskSchema } from './task.js';

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

test('an id is any text but the empty one and the one that stands for none', () => {
  expect(isTaskId('my task')).toBe(true);
  expect(isTaskId('')).toBe(false);
  expect(isTaskId('unknown_id')).toBe(false);
});

test('a date is wrong where Python reads none, or one of year 1', () => {
  expect(dateFault('2026-11-22T15:10:55Z')).toBeUndefined();
  expect(dateFault('0001-01-01T00:00:00')).toBe('year-one');
  expect(dateFault('yesterday')).toBe('unreadable');
});

test('a whole number is written in digits', () => {
  expect(['0', '12', '-1'].every(isWholeNumber)).toBe(true);
  expect(['', ' 1', '1.5', '1e3', 'None', '١'].some(isWholeNumber)).toBe(false);
});
