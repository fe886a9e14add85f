import { dateFault, isTaskId, isWholeNumber, TASK_DATE_FIELDS, TASK_NUMBER_FIELDS } from './task.js';
import {
  FINDING_VALUE_LENGTH,
  isDefect,
  type TaskFinding,
  type TaskFindingSeverity,
} from './task-findings.js';
import { isTaskState } from './task-states.js';

/** The fields that a judgement needs, none of them big: `content` and `result` stay unread. */
export const JUDGED_FIELDS = [
  'task_id',
  'state',
  ...TASK_DATE_FIELDS,
  'retry_after',
  ...TASK_NUMBER_FIELDS,
] as const;

export type JudgedField = (typeof JUDGED_FIELDS)[number];

/** The judged fields of one task, as `bytesText` writes them; null where a field is missing. */
export type JudgedFields = Readonly<Record<JudgedField, string | null>>;

/** What stands at a `task:*` key: a hash, or a key of another type. */
export type TaskContent = { kind: 'hash'; fields: JudgedFields } | { kind: 'wrong-type'; type: string };

/** What is wrong with a task: all of it, defects first. */
export interface TaskJudgement {
  verdict: 'sound' | TaskFindingSeverity;
  findings: TaskFinding[];
}

/** Collects the judged fields, in the order of {@link JUDGED_FIELDS}: that of an `HMGET` with them. */
export function judgedFields(read: (field: JudgedField, index: number) => string | null): JudgedFields {
  const fields: Partial<Record<JudgedField, string | null>> = {};
  JUDGED_FIELDS.forEach((field, index) => {
    fields[field] = read(field, index);
  });
  return fields as JudgedFields;
}

/**
 * Judges what stands at the key `task:{id}`. Defective is what `taskSchema` refuses; suspicious is what a newer
 * AsyncTaskFlow might have written on purpose. Never throws, whatever the strings. Cost: no Redis call.
 */
export function judgeTask(id: string, content: TaskContent): TaskJudgement {
  const findings =
    content.kind === 'wrong-type'
      ? [{ code: 'not-a-hash' as const, type: content.type }]
      : [...defects(content.fields), ...oddities(id, content.fields)];
  if (findings.length === 0) return { verdict: 'sound', findings };
  return { verdict: findings.some(isDefect) ? 'defective' : 'suspicious', findings };
}

function defects(fields: JudgedFields): TaskFinding[] {
  const findings: TaskFinding[] = [];
  const id = fields.task_id;
  if (id === null || !isTaskId(id)) findings.push({ code: 'no-task-id', value: id });
  for (const field of ['state', 'created_at'] as const) {
    const value = fields[field];
    if (!value) findings.push({ code: 'missing-field', field, value });
  }
  for (const field of TASK_DATE_FIELDS) {
    const value = fields[field];
    const fault = value ? dateFault(value) : undefined; // empty until it is set
    if (fault === 'year-one') findings.push({ code: 'year-one', field, value: excerpt(value!) });
    if (fault === 'unreadable') findings.push({ code: 'unreadable-date', field, value: excerpt(value!) });
  }
  return findings;
}

function oddities(id: string, fields: JudgedFields): TaskFinding[] {
  const findings: TaskFinding[] = [];
  const { task_id: taskId, state, retry_after: retryAfter } = fields;
  if (taskId !== null && isTaskId(taskId) && taskId !== id) {
    findings.push({ code: 'other-task-id', value: excerpt(taskId) });
  }
  if (state && !isTaskState(state)) findings.push({ code: 'unknown-state', value: excerpt(state) });
  for (const field of TASK_NUMBER_FIELDS) {
    const value = fields[field];
    if (value === null) findings.push({ code: 'not-a-number', field, value });
    else if (!isWholeNumber(value)) findings.push({ code: 'not-a-number', field, value: excerpt(value) });
  }
  if (retryAfter && dateFault(retryAfter)) {
    findings.push({ code: 'unusable-retry-after', value: excerpt(retryAfter) });
  }
  return findings;
}

const excerpt = (value: string) => value.slice(0, FINDING_VALUE_LENGTH);
