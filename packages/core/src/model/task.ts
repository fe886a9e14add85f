import * as z from 'zod';
import { type JudgedField, TASK_RULES } from './task-rules.js';

/** The type of a task without `task_type`. */
const DEFAULT_TASK_TYPE = 'summarize';

/** Text that keeps the rules of a field: what breaks one makes the task defective. */
function required(field: JudgedField): z.ZodString {
  return TASK_RULES.filter((rule) => rule.field === field && rule.severity === 'defective').reduce(
    (schema, { code, isBroken }) => schema.refine((value) => !isBroken(value, ''), code),
    z.string(),
  );
}
const optional = (field: JudgedField) => required(field).optional();
const text = z.string().optional();

/**
 * A task's hash that is not defective, by the defects of `TASK_RULES`. Every value is a string. What is added to a task
 * later may be missing or empty. Fields and states that nobody knows yet are fine: a newer AsyncTaskFlow writes them.
 * `judgeTask` names everything that is wrong with a hash, by the same rules.
 */
export const taskSchema = z.looseObject({
  task_id: required('task_id'),
  state: required('state'),
  task_type: z.string().default(DEFAULT_TASK_TYPE),
  /** Text, or a PDF in base64: can be megabytes. */
  content: text,
  /** JSON object of a PDF: `filename`, `issue_date`, `file_size`, `content_type`. */
  metadata: text,
  /** Can be megabytes. */
  result: text,
  worker_id: text,
  retry_count: optional('retry_count'),
  max_retries: optional('max_retries'),
  last_error: text,
  error_type: text,
  /** One version of the worker writes these three instead of `last_error`, `retry_after` and `error_type`. */
  error: text,
  retry_at: text,
  dlq_reason: text,
  created_at: required('created_at'),
  updated_at: optional('updated_at'),
  started_at: optional('started_at'),
  completed_at: optional('completed_at'),
  failed_at: optional('failed_at'),
  dlq_at: optional('dlq_at'),
  scheduled_at: optional('scheduled_at'),
  /** When to run it again. */
  retry_after: optional('retry_after'),
  /** JSON array of `{"timestamp","error","error_type","retry_count","state_transition"}`. */
  error_history: text,
  /** JSON array of `{"state","timestamp"}`. */
  state_history: text,
  /** JSON array of `{"retry_number","scheduled_at","retry_after","error_type","delay_seconds"}`. */
  retry_timestamps: text,
});

/** Every field that AsyncTaskFlow is known to write. A hash under `task:*` with one of them is a task, whatever its name. */
export const TASK_FIELDS: readonly string[] = Object.keys(taskSchema.shape);

/** A task that passed {@link taskSchema}. */
export type Task = z.output<typeof taskSchema>;
