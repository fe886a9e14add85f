import { describe, expect, test } from '@jest/globals';
import { type RecordedKey, readRecording, seedAsyncTaskFlow, type TaskFields } from '../src/index.js';
import { useRedis } from '../src/jest/index.js';

const fixture = useRedis();

const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?/g;
const UUID = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g;

/** A value with all that may differ between two tasks taken out: what is left is its format. */
function formatOf(field: string, value: string): string {
  if (value === '') return '';
  if (field === 'content') return 'a text';
  if (field === 'result') return value.replace(/^A summary: [ -~]{80}$/, 'A summary: …');
  return value
    .replace(ISO, 'TIME')
    .replace(UUID, 'UUID')
    .replace(/(?<=celery-w1@vm-)\d+/, 'PID')
    .replace(/issue-\d+\.pdf/, 'x.pdf')
    .replaceAll(/(OpenRouter|PDF extraction) API error: [^"]+/g, 'ERROR')
    .replaceAll(/RateLimitError|ServiceUnavailable|Default/g, 'TYPE');
}

/** Of each kind of task (state, type, whole or not): its fields, and of each field the formats that occur. */
function formsOf(tasks: readonly TaskFields[]): Record<string, Record<string, string[]>> {
  const forms: Record<string, Record<string, string[]>> = {};
  for (const fields of tasks) {
    const kind = `${fields.state} ${fields.task_type ?? 'defective'}`;
    forms[kind] ??= {};
    for (const [field, value] of Object.entries(fields)) {
      const known = forms[kind][field] ?? [];
      const format = formatOf(field, value);
      forms[kind][field] = known.includes(format) ? known : [...known, format];
    }
  }
  return forms;
}

describe('generated tasks against the recording', () => {
  test('have, kind by kind, the recorded fields in the recorded formats', async () => {
    const recorded = (await readRecording()).filter(
      (entry): entry is Extract<RecordedKey, { type: 'hash' }> => entry.key.startsWith('task:'),
    );
    const expected = formsOf(recorded.map(({ value }) => value));
    const faults = { unknownId: 5, defectiveDlq: 5, stuckActive: 20, overdueScheduled: 20 };
    const { ids, faults: made } = await seedAsyncTaskFlow(fixture.client, { tasks: 2000, seed: 5, faults });
    const lastAttempts = made.stuckActive.filter((_, index) => index % 3 === 2);
    const notRecorded = new Set([...ids.retry, ...lastAttempts].map((id) => `task:${id}`));
    const keys = (await fixture.client.keys('task:*')).filter((key) => !notRecorded.has(key));
    const seeded = formsOf(
      await Promise.all(keys.map(async (key) => ({ ...(await fixture.client.hGetAll(key)) }))),
    );
    expect(Object.keys(seeded)).toEqual(expect.arrayContaining(Object.keys(expected)));
    for (const [kind, fields] of Object.entries(expected))
      expect({ kind, ...seeded[kind] }).toEqual({ kind, ...fields });
  });

  test('leave out the microseconds only where they are zero', async () => {
    const keys = await fixture.client.keys('task:*');
    const times = (await Promise.all(keys.map((key) => fixture.client.hGet(key, 'updated_at')))).map(String);
    expect(times.filter((time) => !time.includes('.')).length).toBeLessThan(keys.length / 100);
  });
});
