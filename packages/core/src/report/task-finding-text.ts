import type { TaskFinding } from '../model/judge-task.js';
import { plainText } from '../model/plain-text.js';

/** A finding in English, as one line. Everything in it that comes from Redis is safe to print. */
export function taskFindingText({ code, field, value }: TaskFinding): string {
  if (code === 'not-a-hash') return `not a hash, but a ${plainText(value ?? '')}`;
  if (code === 'unrelated') return "another program's hash: it has no field and no name of a task";
  if (!value) return `${field} is ${value === null ? 'missing' : 'empty'}`;
  const quoted = JSON.stringify(plainText(value, 60));
  if (code === 'other-task-id') return `task_id is ${quoted}, unlike its key`;
  if (code === 'unknown-state') return `unknown state ${quoted}`;
  if (code === 'no-task-id' || code === 'missing-field') return `${field} is ${quoted}`;
  return `${taskFindingSummary({ code, field })}: ${quoted}`;
}

const SUMMARIES: Readonly<Record<TaskFinding['code'], string>> = {
  'no-task-id': 'is missing, empty or unknown_id: the dashboard shows unknown_id',
  'missing-field': 'is missing or empty',
  'year-one': 'is in year 1',
  'unreadable-date': 'is not a date',
  'other-task-id': 'is unlike the key',
  'unknown-state': 'is unknown',
  'not-a-number': 'is not a number',
  'unusable-retry-after': 'is not a time to retry at',
  'not-a-hash': 'not a hash',
  unrelated: "another program's hash",
};

/** What many findings have in common, in English. */
export function taskFindingSummary({ code, field }: Pick<TaskFinding, 'code' | 'field'>): string {
  return field === null ? SUMMARIES[code] : `${field} ${SUMMARIES[code]}`;
}
