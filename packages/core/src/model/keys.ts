import type { TaskState } from './task-states.js';

/** What every task's key starts with. Other programs' keys may start with it too: check the type before use. */
export const TASK_KEY_PREFIX = 'task:';
/** Glob of the task keys; `dlq:task:…` does not match it. */
export const TASK_KEY_PATTERN = 'task:*';
/** List: ids of new tasks. API `LPUSH`, consumer `BLPOP`: the newest is taken first. */
export const PENDING_PRIMARY_KEY = 'tasks:pending:primary';
/** List: ids that are ready to run again. */
export const PENDING_RETRY_KEY = 'tasks:pending:retry';
/** Sorted set: ids scored by the Unix time (s) at which to retry. */
export const SCHEDULED_KEY = 'tasks:scheduled';
/** List: ids of the tasks that failed for good. */
export const DLQ_KEY = 'dlq:tasks';
/** List: Celery messages that no worker has taken yet. */
export const BROKER_QUEUE_KEY = 'celery';
/** kombu keeps another list for each step of priority but the first, named with its separator and the step. */
const BROKER_PRIORITY_QUEUE_PREFIX = `${BROKER_QUEUE_KEY}\x06\x16`;
/** Glob of the lists of messages with a priority. */
export const BROKER_PRIORITY_QUEUE_PATTERN = `${BROKER_PRIORITY_QUEUE_PREFIX}*`;
/** Hash: Celery messages that were taken and not yet acknowledged. */
export const BROKER_UNACKED_KEY = 'unacked';
/** Sorted set: when each unacknowledged message was taken. */
export const BROKER_UNACKED_INDEX_KEY = 'unacked_index';
/** String: Celery's lock around restoring unacknowledged messages. */
export const BROKER_UNACKED_MUTEX_KEY = 'unacked_mutex';
/** Pub/sub channel of the dashboard's live feed. */
export const QUEUE_UPDATES_CHANNEL = 'queue-updates';
/** Glob of the left-overs of Celery's result backend. */
export const CELERY_META_KEY_PATTERN = 'celery-task-meta-*';

/** Hash: what the restore of a backup has done so far. */
export const restoreJournalKey = (backupId: string): string => `atf:restore-journal:${backupId}`;
/** Hash: one task. */
export const taskKey = (taskId: string): string => `${TASK_KEY_PREFIX}${taskId}`;
/** Hash: a copy of the task at its death, written by older workers; may be absent. */
export const dlqTaskKey = (taskId: string): string => `dlq:task:${taskId}`;
/** String, an integer: how many tasks are in the state. Absent means 0 to AsyncTaskFlow. */
export const counterKey = (state: TaskState): string => `metrics:tasks:state:${state.toLowerCase()}`;
/** String with a TTL of 90 s: Unix time (s) of the worker's last beat. */
export const heartbeatKey = (workerId: string): string => `worker:heartbeat:${workerId}`;
/** String: a result that Celery's result backend left behind. */
export const celeryMetaKey = (messageId: string): string => `celery-task-meta-${messageId}`;
