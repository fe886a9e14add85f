import { fromTimestamp, isoformat, type Json, type Micros, pyJson } from '../python.js';

/** A task hash: every value is a string. */
export type TaskFields = Record<string, string>;

export interface NewTask {
  id: string;
  content: string;
  createdAt: Micros;
  /** Left out: a text to summarize. With it: a PDF, its content in base64. */
  pdf?: { filename: string; issueDate: string; bytes: number };
}

export interface Run {
  /** For example `celery-w1@vm-25645`. */
  workerId: string;
  startedAt: Micros;
}

export interface Failure {
  at: Micros;
  error: string;
  /** As the worker files it: `Default`, `RateLimitError`, `PermanentError`. */
  errorType: string;
  /** Unix time in seconds at which to retry, as in the sorted set; left out where there is no further attempt. */
  retryAt?: number;
}

/** A task as the API creates it: one `HSET`. */
export function pendingTask({ id, content, createdAt, pdf }: NewTask): TaskFields {
  const created = isoformat(createdAt);
  const fields: TaskFields = {
    task_id: id,
    content,
    task_type: pdf === undefined ? 'summarize' : 'pdfxtract',
    state: 'PENDING',
    retry_count: '0',
    max_retries: '3',
    last_error: '',
    error_type: '',
    retry_after: '',
    created_at: created,
    updated_at: created,
    completed_at: '',
    result: '',
    error_history: '[]',
    state_history: `[{"state": "PENDING", "timestamp": "${created}"}]`,
  };
  if (pdf !== undefined) fields.metadata = metadataOf(pdf);
  return fields;
}

/** A worker runs it. */
export const activeTask = (task: NewTask, run: Run): TaskFields =>
  Object.assign(pendingTask(task), startedFields(run));

/** A worker finished it. */
export const completedTask = (task: NewTask, run: Run & { completedAt: Micros }): TaskFields =>
  Object.assign(activeTask(task, run), completedFields(llmResult(task.content), run.completedAt));

/** Its last attempt failed, another is to come at the last failure's `retryAt`; one failure an attempt, at least one. */
export const scheduledTask = (task: NewTask, run: Run, failures: readonly Failure[]): TaskFields => {
  const fields = activeTask(task, run);
  for (const failure of failures) Object.assign(fields, scheduledFields(fields, failure));
  return fields;
};

/** It failed for good: the last failure took it to the DLQ, those before were retried. */
export const dlqTask = (task: NewTask, run: Run, failures: readonly Failure[]): TaskFields => {
  const fields = scheduledTask(task, run, failures.slice(0, -1));
  fields.state = 'ACTIVE';
  return Object.assign(fields, dlqFields(fields, failures.at(-1) as Failure));
};

/** Failed, by a version of the worker that knew this state. */
export const failedTask = (task: NewTask, run: Run, failure: Failure): TaskFields => ({
  ...activeTask(task, run),
  state: 'FAILED',
  last_error: failure.error,
  error_type: failure.errorType,
  error_history: appendJson('[]', errorEntry(failure, 0, 'ACTIVE -> FAILED')),
  failed_at: isoformat(failure.at),
  updated_at: isoformat(failure.at),
});

/** What a worker writes when it starts. */
export const startedFields = ({ workerId, startedAt }: Run): TaskFields => ({
  state: 'ACTIVE',
  worker_id: workerId,
  started_at: isoformat(startedAt),
  updated_at: isoformat(startedAt),
});

/** What a worker writes at success: into whatever is there, be it nothing. */
export const completedFields = (result: string, at: Micros): TaskFields => ({
  state: 'COMPLETED',
  result,
  completed_at: isoformat(at),
  updated_at: isoformat(at),
});

/** What a worker writes when a failure may pass, given the fields as they stand. */
export function scheduledFields(before: TaskFields, failure: Failure): TaskFields {
  const at = isoformat(failure.at);
  const retryAfter = isoformat(fromTimestamp(failure.retryAt ?? 0));
  const retryCount = Number(before.retry_count ?? '0') + 1;
  const retry: Json = {
    retry_number: retryCount,
    scheduled_at: at,
    retry_after: retryAfter,
    error_type: failure.errorType,
    delay_seconds: null,
  };
  return {
    state: 'SCHEDULED',
    retry_count: String(retryCount),
    last_error: failure.error,
    error_type: failure.errorType,
    retry_after: retryAfter,
    scheduled_at: at,
    updated_at: at,
    error_history: appendJson(before.error_history, errorEntry(failure, retryCount, 'ACTIVE -> SCHEDULED')),
    retry_timestamps: appendJson(before.retry_timestamps, retry),
  };
}

/** What a worker writes when it gives up, given the fields as they stand (an id without a hash has none). */
export function dlqFields(before: TaskFields, failure: Failure): TaskFields {
  const transition = `${before.state ?? 'UNKNOWN'} -> DLQ`;
  const retryCount = Number(before.retry_count ?? '0');
  return {
    state: 'DLQ',
    last_error: failure.error,
    error_type: failure.errorType,
    error_history: appendJson(before.error_history, errorEntry(failure, retryCount, transition)),
    completed_at: isoformat(failure.at - 12),
    dlq_at: isoformat(failure.at),
    updated_at: isoformat(failure.at),
  };
}

function errorEntry(failure: Failure, retryCount: number, transition: string): Json {
  return {
    timestamp: isoformat(failure.at),
    error: failure.error,
    error_type: failure.errorType,
    retry_count: retryCount,
    state_transition: transition,
  };
}

/** Appends to a JSON array in text form, without parsing what is there. */
function appendJson(array: string | undefined, entry: Json): string {
  const head = array === undefined || array === '' || array === '[]' ? '[' : `${array.slice(0, -1)}, `;
  return `${head}${pyJson(entry)}]`;
}

const metadataOf = (pdf: NonNullable<NewTask['pdf']>): string =>
  pyJson({
    filename: pdf.filename,
    issue_date: pdf.issueDate,
    file_size: pdf.bytes,
    content_type: 'application/pdf',
  });

/** The recorded LLM answers with the last 80 characters of the request that it got. */
export function llmResult(content: string): string {
  const request = `"role": "user", "content": ${pyJson(`Summarize this text: ${content.slice(-100)}`)}}]}`;
  return `A summary: ${request.slice(-80)}`;
}
