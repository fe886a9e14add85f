import * as z from 'zod';
import { TASK_DATE_FIELDS, TASK_NUMBER_FIELDS } from './task.js';

/** The field's value, cut to {@link FINDING_VALUE_LENGTH} characters; null where the field is missing. */
const value = z.string().nullable();

/** How much of a value a finding shows. */
export const FINDING_VALUE_LENGTH = 200;

/** Schema of a finding: a stable code with its arguments. `report/task-finding-text.ts` turns it into English. */
export const taskFindingSchema = z.discriminatedUnion('code', [
  /** `task_id` is missing, empty or `unknown_id`. */
  z.strictObject({ code: z.literal('no-task-id'), value }),
  /** A field that no task can do without is missing or empty. */
  z.strictObject({ code: z.literal('missing-field'), field: z.enum(['state', 'created_at']), value }),
  z.strictObject({ code: z.literal('year-one'), field: z.enum(TASK_DATE_FIELDS), value: z.string() }),
  z.strictObject({ code: z.literal('unreadable-date'), field: z.enum(TASK_DATE_FIELDS), value: z.string() }),
  /** A `task:*` key of another type. */
  z.strictObject({ code: z.literal('not-a-hash'), type: z.string() }),
  /** `task_id` is unlike the id in its key. */
  z.strictObject({ code: z.literal('other-task-id'), value: z.string() }),
  z.strictObject({ code: z.literal('unknown-state'), value: z.string() }),
  /** A required number is missing, empty or none. */
  z.strictObject({ code: z.literal('not-a-number'), field: z.enum(TASK_NUMBER_FIELDS), value }),
  /** `retry_after` is no date, or one of year 1. */
  z.strictObject({ code: z.literal('unusable-retry-after'), value: z.string() }),
]);

/** Something that is wrong with one task. */
export type TaskFinding = z.output<typeof taskFindingSchema>;
export type TaskFindingCode = TaskFinding['code'];
/** `defective`: the task is of no use to AsyncTaskFlow. `suspicious`: a newer version might have meant it so. */
export type TaskFindingSeverity = 'defective' | 'suspicious';

/** How bad each finding is. */
export const TASK_FINDING_SEVERITIES: Readonly<Record<TaskFindingCode, TaskFindingSeverity>> = {
  'no-task-id': 'defective',
  'missing-field': 'defective',
  'year-one': 'defective',
  'unreadable-date': 'defective',
  'not-a-hash': 'suspicious',
  'other-task-id': 'suspicious',
  'unknown-state': 'suspicious',
  'not-a-number': 'suspicious',
  'unusable-retry-after': 'suspicious',
};

/** True for a finding that by itself makes a task defective. */
export function isDefect({ code }: TaskFinding): boolean {
  return TASK_FINDING_SEVERITIES[code] === 'defective';
}
