import { isTaskState, TASK_STATES } from './task-states.js';
import { parseTimestamp } from './timestamps.js';

/** The dates in a task's hash. */
export const TASK_DATE_FIELDS = [
  'created_at',
  'updated_at',
  'started_at',
  'completed_at',
  'failed_at',
  'dlq_at',
  'scheduled_at',
] as const;

const NUMBER_FIELDS = ['retry_count', 'max_retries'] as const;

/** The fields that a judgement needs. All are small: `content` and `result` stay unread. */
export const JUDGED_FIELDS = [
  'task_id',
  'state',
  ...TASK_DATE_FIELDS,
  'retry_after',
  ...NUMBER_FIELDS,
] as const;

export type JudgedField = (typeof JUDGED_FIELDS)[number];

/** `defective`: the task is of no use to AsyncTaskFlow. `suspicious`: a newer version may have meant it so. */
export type TaskFindingSeverity = 'defective' | 'suspicious';

/** Stable names of what can be wrong with a task. Monitors may rely on them. */
export const TASK_FINDING_CODES = [
  'no-task-id',
  'missing-field',
  'year-one',
  'unreadable-date',
  'not-a-hash',
  'other-task-id',
  'unknown-state',
  'not-a-number',
  'unusable-retry-after',
  'unrelated',
] as const;

export type TaskFindingCode = (typeof TASK_FINDING_CODES)[number];

/** One rule for a task's hash. Each verdict on a task follows from a list of these. */
export interface TaskRule {
  code: TaskFindingCode;
  field: JudgedField;
  severity: TaskFindingSeverity;
  /** `value` is null if the field is missing; `keyId` is the id in the task's key. */
  isBroken(value: string | null, keyId: string): boolean;
}

/** What the dashboard shows if a task has no `task_id`. Written back as an id, it is still not one. */
const UNKNOWN_ID = 'unknown_id';

/** True for what can be a task's id. It need not be a UUID, nor equal to the id in its key. */
export function isTaskId(value: string | null): boolean {
  return !!value && value !== UNKNOWN_ID;
}

const isWholeNumber = (value: string | null) => value !== null && /^-?\d+$/.test(value);

/** What is wrong with a date. An empty one is not set yet. Everything that `parseTimestamp` reads is a date. */
function dateFault(value: string | null): 'unreadable' | 'year-one' | undefined {
  if (!value) return undefined;
  const read = parseTimestamp(value);
  if (!read.ok) return 'unreadable';
  return read.year === 1 ? 'year-one' : undefined;
}

/**
 * Every rule that a task's hash has to keep, defects first. This list is the only definition of a sound task:
 * `taskSchema`, `judgeTask` and the filter that runs on the server are built from it or tested against it.
 */
export const TASK_RULES: readonly TaskRule[] = [
  { code: 'no-task-id', field: 'task_id', severity: 'defective', isBroken: (value) => !isTaskId(value) },
  { code: 'missing-field', field: 'state', severity: 'defective', isBroken: (value) => !value },
  { code: 'missing-field', field: 'created_at', severity: 'defective', isBroken: (value) => !value },
  ...TASK_DATE_FIELDS.flatMap((field): TaskRule[] => [
    { code: 'year-one', field, severity: 'defective', isBroken: (value) => dateFault(value) === 'year-one' },
    {
      code: 'unreadable-date',
      field,
      severity: 'defective',
      isBroken: (value) => dateFault(value) === 'unreadable',
    },
  ]),
  {
    code: 'other-task-id',
    field: 'task_id',
    severity: 'suspicious',
    isBroken: (value, keyId) => isTaskId(value) && value !== keyId,
  },
  {
    code: 'unknown-state',
    field: 'state',
    severity: 'suspicious',
    isBroken: (value) => !!value && !isTaskState(value),
  },
  ...NUMBER_FIELDS.map((field): TaskRule => {
    return {
      code: 'not-a-number',
      field,
      severity: 'suspicious',
      isBroken: (value) => !isWholeNumber(value),
    };
  }),
  {
    code: 'unusable-retry-after',
    field: 'retry_after',
    severity: 'suspicious',
    isBroken: (value) => dateFault(value) !== undefined,
  },
];

/** The codes of findings that do not make a task defective. Two of them are about keys without a task: `not-a-hash`, `unrelated`. */
export const SUSPICIOUS_CODES = TASK_FINDING_CODES.filter(
  (code) => !TASK_RULES.some((rule) => rule.code === code && rule.severity === 'defective'),
);

/**
 * The rules as a script takes them that passes over sound tasks: the states, then each judged field with what it has to hold.
 * Fields of one format stand together. A script knows only the usual form of each. It hands out everything else, and
 * {@link TASK_RULES} decide.
 */
export const FILTER_ARGUMENTS: readonly string[] = [
  String(TASK_STATES.length),
  ...TASK_STATES,
  String(JUDGED_FIELDS.length),
  ...JUDGED_FIELDS.flatMap((field) => [field, formatOf(field), isRequired(field) ? 'required' : 'optional']),
];

function formatOf(field: JudgedField): string {
  if (field === 'task_id') return 'id';
  if (field === 'state') return 'state';
  return (NUMBER_FIELDS as readonly string[]).includes(field) ? 'number' : 'date';
}

/** True if a field without a value breaks a rule. */
function isRequired(field: JudgedField): boolean {
  return TASK_RULES.some((rule) => rule.field === field && rule.isBroken(null, ''));
}
