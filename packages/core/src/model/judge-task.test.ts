import { RECORDING, readRecording } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDefect, judgedFields, judgeTask, taskFindingSchema } from './judge-task.js';
import { taskSchema } from './task.js';
import {
  FILTER_ARGUMENTS,
  JUDGED_FIELDS,
  SUSPICIOUS_CODES,
  TASK_FINDING_CODES,
  TASK_RULES,
} from './task-rules.js';

const ID = '39113421-fcb7-411d-9157-a9dafcb6a55b';
const AT = '2026-11-22T15:10:55.455220';
const SOUND: Record<string, string> = {
  task_id: ID,
  state: 'ACTIVE',
  created_at: AT,
  updated_at: AT,
  completed_at: '',
  retry_after: '',
  retry_count: '0',
  max_retries: '3',
};

const judge = (hash: Record<string, string | undefined>, id = ID) =>
  judgeTask(id, { kind: 'hash', fields: judgedFields((field) => hash[field] ?? null) });
const judgeWith = (changed: Record<string, string>) => judge({ ...SOUND, ...changed });
function judgeWithout(field: string) {
  const { [field]: _, ...rest } = SOUND;
  return judge(rest);
}

describe('judgeTask', () => {
  test('finds a healthy task sound', () => {
    expect(judge(SOUND)).toEqual({ verdict: 'sound', findings: [] });
  });

  test('finds the four defective tasks of the recording, for the right reasons, and no other', async () => {
    const tasks = (await readRecording()).flatMap((recorded) =>
      recorded.type === 'hash' && recorded.key.startsWith('task:') ? [recorded] : [],
    );
    const judged = tasks.map(({ key, value }) => ({ id: key.slice(5), ...judge(value, key.slice(5)) }));
    const defective = judged.filter(({ verdict }) => verdict === 'defective');
    expect(judged).toHaveLength(RECORDING.tasks);
    expect(defective.map(({ id }) => id).sort()).toEqual(
      [...RECORDING.unknownIds, ...RECORDING.defectiveDlq].sort(),
    );
    expect(judged.filter(({ verdict }) => verdict === 'sound')).toHaveLength(34);
    for (const { findings } of defective) {
      expect(findings.filter(isDefect)).toEqual([
        { code: 'no-task-id', field: 'task_id', value: null },
        { code: 'missing-field', field: 'created_at', value: null },
      ]);
    }
  });

  test.each([
    ['missing', null],
    ['empty', ''],
    ['unknown_id', 'unknown_id'],
  ])('tells a task_id that is %s once', (_, value) => {
    const judgement = value === null ? judgeWithout('task_id') : judgeWith({ task_id: value });
    expect(judgement).toEqual({
      verdict: 'defective',
      findings: [{ code: 'no-task-id', field: 'task_id', value }],
    });
  });

  test.each(['state', 'created_at'] as const)('wants %s, and an empty one is a missing one', (field) => {
    expect(judgeWithout(field).findings).toEqual([{ code: 'missing-field', field, value: null }]);
    expect(judgeWith({ [field]: '' }).findings).toEqual([{ code: 'missing-field', field, value: '' }]);
  });

  test('names every date that is wrong', () => {
    expect(judgeWith({ created_at: '0001-01-01T00:00:00', dlq_at: 'yesterday' })).toEqual({
      verdict: 'defective',
      findings: [
        { code: 'year-one', field: 'created_at', value: '0001-01-01T00:00:00' },
        { code: 'unreadable-date', field: 'dlq_at', value: 'yesterday' },
      ],
    });
  });

  test('takes a date for wrong only where Python does', () => {
    expect(
      judgeWith({ created_at: '2026-W47-7', updated_at: `${AT}Z`, started_at: '20261122 1510' }).verdict,
    ).toBe('sound');
  });

  test.each([
    [{ state: 'ARCHIVED' }, { code: 'unknown-state', field: 'state', value: 'ARCHIVED' }],
    [{ task_id: 'another' }, { code: 'other-task-id', field: 'task_id', value: 'another' }],
    [{ retry_count: 'many' }, { code: 'not-a-number', field: 'retry_count', value: 'many' }],
    [{ max_retries: '' }, { code: 'not-a-number', field: 'max_retries', value: '' }],
    [{ retry_after: 'later' }, { code: 'unusable-retry-after', field: 'retry_after', value: 'later' }],
  ])('only suspects a task with %j', (changed, finding) => {
    expect(judgeWith(changed)).toEqual({ verdict: 'suspicious', findings: [finding] });
  });

  test('only suspects a key that is no hash', () => {
    expect(judgeTask('index', { kind: 'wrong-type', type: 'zset' })).toEqual({
      verdict: 'suspicious',
      findings: [{ code: 'not-a-hash', field: null, value: 'zset' }],
    });
  });

  test("only suspects another program's hash", () => {
    expect(judgeTask('stats', { kind: 'unrelated' })).toEqual({
      verdict: 'suspicious',
      findings: [{ code: 'unrelated', field: null, value: 'hash' }],
    });
  });

  test('cuts a value of megabytes', () => {
    const [finding] = judgeWith({ created_at: 'x'.repeat(2_000_000) }).findings;
    expect(finding).toEqual({ code: 'unreadable-date', field: 'created_at', value: 'x'.repeat(200) });
  });

  test('calls defective what the schema refuses, whatever the strings, and never throws', () => {
    const value = fc.oneof(
      fc.constantFrom('', ID, 'unknown_id', 'PENDING', AT, '0001-01-01T00:00:00', '2026-11-22', 'None', '7'),
      fc.string({ unit: 'binary' }),
    );
    const hash = fc.record(
      Object.fromEntries([...JUDGED_FIELDS, 'new_field'].map((field) => [field, value])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(hash, fc.boolean(), (changed, mostlySound) => {
        const fields = { ...(mostlySound ? SOUND : {}), ...changed };
        const { verdict, findings } = judge(fields);
        expect(verdict === 'defective').toBe(!taskSchema.safeParse(fields).success);
        expect(findings.map((finding) => taskFindingSchema.parse(finding))).toEqual(findings);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the rules', () => {
  test('use every code, and each code has one severity', () => {
    expect(new Set([...TASK_RULES.map(({ code }) => code), 'not-a-hash', 'unrelated'])).toEqual(
      new Set(TASK_FINDING_CODES),
    );
    for (const { code, severity } of TASK_RULES) {
      expect([code, isDefect({ code })]).toEqual([code, severity === 'defective']);
    }
    expect(SUSPICIOUS_CODES).toEqual([
      'not-a-hash',
      'other-task-id',
      'unknown-state',
      'not-a-number',
      'unusable-retry-after',
      'unrelated',
    ]);
  });

  test('judge every field that is read, and only those', () => {
    expect(new Set(TASK_RULES.map(({ field }) => field))).toEqual(new Set(JUDGED_FIELDS));
  });

  test('reach the filter on the server with the fields of one format side by side', () => {
    const ofFields = FILTER_ARGUMENTS.slice(-3 * JUDGED_FIELDS.length);
    const formats = ofFields.filter((_, i) => i % 3 === 1);
    expect(formats.filter((format, i) => format !== formats[i - 1])).toEqual([
      'id',
      'state',
      'date',
      'number',
    ]);
  });
});
