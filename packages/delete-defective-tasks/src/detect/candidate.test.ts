import { JUDGED_FIELDS } from '@atf/core';
import { describe, expect, test } from '@jest/globals';
import { candidateOf } from './candidate.js';

const MANY = 64 * 1024 * 1024;
const PREFIX = Buffer.from('task:');

describe('an id of 64 MB that is no UTF-8', () => {
  const id = Buffer.alloc(MANY, 0xff);
  const candidateWith = (taskId: Buffer) => {
    const fields: Partial<Record<string, Buffer>> = {
      task_id: taskId,
      state: Buffer.from('COMPLETED'),
      created_at: Buffer.from('2026-11-22T15:10:00'),
      retry_count: Buffer.from('0'),
      max_retries: Buffer.from('3'),
    };
    const values = JUDGED_FIELDS.map((field) => fields[field] ?? null);
    return candidateOf(Buffer.concat([PREFIX, id]), {
      fingerprint: Buffer.from('1'),
      hasLiveWorker: false,
      values,
    });
  };

  test('is sound where the field has the same', () => {
    expect(candidateWith(Buffer.from(id))).toBeUndefined();
  });

  test('is another where the field differs in its last byte', () => {
    const other = Buffer.from(id);
    other[MANY - 1] = 0xfe;
    expect(candidateWith(other)?.findings.map(({ code }) => code)).toEqual(['other-task-id']);
  });
});
