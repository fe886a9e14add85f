import { bytesText, DLQ_KEY, formatTimestamp, SCHEDULED_KEY, type TaskState, unixSeconds } from '@atf/core';
import { momentOf } from '../detect/ages.js';
import type { QueueKey } from '../detect/entry-fault.js';
import { idBytes, type TaskFinding } from '../detect/finding.js';
import { durationText } from '../duration-text.js';
import { pythonJson, pythonString } from './python-json.js';

/** What a repair writes. The script adds the depths of the queues and the counters. */
export interface TaskUpdate {
  from: TaskState;
  to: TaskState;
  /** Fields of the hash to set. */
  fields: Readonly<Record<string, string>>;
  /** Entries to append, in text form. */
  errorEntry: string | undefined;
  stateEntry: string | undefined;
  /** Queue that gets the id. */
  queue: QueueKey;
  /** Its score, if the queue is the sorted set. */
  score: number | undefined;
  /** The dashboard's message, before and after the depths of the queues. */
  message: readonly [string, string];
}

/** Celery's name for a lost worker. */
const ERROR_TYPE = 'WorkerLostError';
const STATE_OF: Partial<Record<string, TaskState>> = { [DLQ_KEY]: 'DLQ' };

/** What the repair of a finding writes at a given time, in AsyncTaskFlow's own formats. Pure. */
export function taskUpdate(finding: TaskFinding, now: Date): TaskUpdate {
  const at = formatTimestamp(now);
  const { repair } = finding;
  if (repair === 'retry' || repair === 'give-up') return failedAttempt(finding, at);
  if (repair === 'release') return release(finding, at);
  return enqueue(finding, { at, now });
}

function failedAttempt(finding: TaskFinding, at: string): TaskUpdate {
  const { repair, retryCount } = finding;
  const to = STATE_OF[finding.queue!] ?? 'PENDING';
  const attempts = (retryCount ?? 0) + (repair === 'retry' ? 1 : 0);
  const error = errorText(finding);
  const entry = {
    timestamp: at,
    error,
    error_type: ERROR_TYPE,
    retry_count: attempts,
    state_transition: `ACTIVE -> ${to}`,
  };
  const ended: Record<string, string> =
    repair === 'retry' ? { retry_count: String(attempts) } : { completed_at: at, dlq_at: at };
  return {
    ...moved(finding, { from: 'ACTIVE', to, at }),
    fields: { state: to, ...ended, last_error: error, error_type: ERROR_TYPE, updated_at: at },
    errorEntry: pythonJson(entry),
  };
}

function release(finding: TaskFinding, at: string): TaskUpdate {
  const from = finding.state ?? 'SCHEDULED';
  return {
    ...moved(finding, { from, to: 'PENDING', at }),
    fields: { state: 'PENDING', updated_at: at },
    errorEntry: undefined,
  };
}

/** The state stays; the id is added to the queue of the state. */
function enqueue(finding: TaskFinding, { at, now }: { at: string; now: Date }): TaskUpdate {
  const state = finding.state ?? 'PENDING';
  const due = finding.queue === SCHEDULED_KEY ? momentOf(finding.basis.retryAfter) : undefined;
  const dueNow = finding.queue === SCHEDULED_KEY && !due;
  const fields: Record<string, string> = {};
  if (finding.kind === 'orphaned-pending') fields.updated_at = at;
  if (dueNow) fields.retry_after = at;
  return {
    ...moved(finding, { from: state, to: state, at }),
    fields,
    errorEntry: undefined,
    stateEntry: undefined,
    score: due ? unixSeconds(due) : dueNow ? now.getTime() / 1000 : undefined,
  };
}

function moved(
  finding: TaskFinding,
  { from, to, at }: { from: TaskState; to: TaskState; at: string },
): Omit<TaskUpdate, 'fields' | 'errorEntry'> {
  const start = [
    '"type": "task_state_changed"',
    `"task_id": ${pythonString(bytesText(idBytes(finding)))}`,
    `"old_state": "${from}"`,
    `"new_state": "${to}"`,
    '"queue_depths": ',
  ];
  return {
    from,
    to,
    stateEntry: pythonJson({ state: to, timestamp: at }),
    queue: finding.queue!,
    score: undefined,
    message: [`{${start.join(', ')}`, `, "timestamp": "${at}"}`],
  };
}

function errorText({ worker, age, workerMovedOn }: TaskFinding): string {
  const who = worker ? `Worker ${bytesText(Buffer.from(worker, 'latin1'))} was lost` : 'Worker was lost';
  const why = workerMovedOn ? 'it has sent heartbeats since' : 'no heartbeat';
  return `${who}: ${why}, and the task was ACTIVE for ${durationText((age ?? 0) / 1000)}`;
}
