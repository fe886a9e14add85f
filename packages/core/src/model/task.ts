import * as z from 'zod';
import { parseTimestamp } from './timestamps.js';

/** The dates in a task's hash. One of year 1, or one that is none, makes the task defective. */
export const TASK_DATE_FIELDS = [
  'created_at',
  'updated_at',
  'started_at',
  'completed_at',
  'failed_at',
  'dlq_at',
  'scheduled_at',
] as const;
/** Fields that are to hold a whole number in decimal digits. */
export const TASK_NUMBER_FIELDS = ['retry_count', 'max_retries'] as const;

/** What the dashboard shows where it finds no `task_id`; written back as one, it is none either. */
export const UNKNOWN_ID = 'unknown_id';
/** What a task without `task_type` is. */
export const DEFAULT_TASK_TYPE = 'summarize';

/** True for what can be a task's id. It need not be a UUID, nor equal its key's. */
export function isTaskId(value: string): boolean {
  return value !== '' && value !== UNKNOWN_ID;
}

/** What is wrong with a date, or undefined where it is all right. All that `parseTimestamp` reads is a date. */
export function dateFault(value: string): 'unreadable' | 'year-one' | undefined {
  const read = parseTimestamp(value);
  if (!read.ok) return 'unreadable';
  return read.year === 1 ? 'year-one' : undefined;
}

/** True for a whole number in decimal digits, as `retry_count` is one. */
export function isWholeNumber(value: string): boolean {
  return /^-?\d+$/.test(value);
}

const isSoundDate = (value: string) => dateFault(value) === undefined;
const date = z.string().refine(isSoundDate, 'not a date, or one of year 1');
const dateOnceSet = z
  .string()
  .refine((value) => value === '' || isSoundDate(value), 'not a date, or one of year 1')
  .optional();
const text = z.string().optional();

/**
 * A task's hash that is not defective. Every value is a string; what is added to a task later may be missing or, from
 * its creation on, empty. Fields and states that nobody knows yet are fine: a newer AsyncTaskFlow writes them. For what
 * is wrong with a hash that fails, ask `judgeTask`: it agrees with this schema and names every fault.
 */
export const taskSchema = z.looseObject({
  task_id: z.string().refine(isTaskId, `empty or ${UNKNOWN_ID}`),
  state: z.string().min(1),
  task_type: z.string().default(DEFAULT_TASK_TYPE),
  /** Text, or a PDF in base64: can be megabytes. */
  content: text,
  /** JSON object of a PDF: `filename`, `issue_date`, `file_size`, `content_type`. */
  metadata: text,
  /** Can be megabytes. */
  result: text,
  worker_id: text,
  retry_count: text,
  max_retries: text,
  last_error: text,
  error_type: text,
  created_at: date,
  updated_at: dateOnceSet,
  started_at: dateOnceSet,
  completed_at: dateOnceSet,
  failed_at: dateOnceSet,
  dlq_at: dateOnceSet,
  scheduled_at: dateOnceSet,
  /** When to run it again. What can't be read means now, so it makes no task defective. */
  retry_after: text,
  /** JSON array of `{"timestamp","error","error_type","retry_count","state_transition"}`. */
  error_history: text,
  /** JSON array of `{"state","timestamp"}`. */
  state_history: text,
  /** JSON array of `{"retry_number","scheduled_at","retry_after","error_type","delay_seconds"}`. */
  retry_timestamps: text,
});

/** A task that passed {@link taskSchema}. */
export type Task = z.output<typeof taskSchema>;
