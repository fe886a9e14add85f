/**
 * Key names of AsyncTaskFlow, stated here a second time on purpose: the tests of the tools compare against a real system's
 * names, not against the tools' own.
 */

export const STATES = ['PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'] as const;

/** A task's state as the hash holds it (upper case). */
export type State = (typeof STATES)[number];

export const PRIMARY_QUEUE = 'tasks:pending:primary';
export const RETRY_QUEUE = 'tasks:pending:retry';
export const SCHEDULED_SET = 'tasks:scheduled';
export const DLQ_LIST = 'dlq:tasks';
export const BROKER_LIST = 'celery';
export const UNACKED_HASH = 'unacked';
export const UNACKED_INDEX = 'unacked_index';
export const OPENROUTER_BUCKET = 'openrouter:rate_limit:bucket';
export const UPDATES_CHANNEL = 'queue-updates';

/** A worker's last beat is kept for this many seconds. */
export const HEARTBEAT_TTL_SECONDS = 90;

export const taskKey = (id: string): string => `task:${id}`;
export const dlqCopyKey = (id: string): string => `dlq:task:${id}`;
export const counterKey = (state: State): string => `metrics:tasks:state:${state.toLowerCase()}`;
export const heartbeatKey = (workerId: string): string => `worker:heartbeat:${workerId}`;
export const celeryMetaKey = (id: string): string => `celery-task-meta-${id}`;
export const bindingKey = (queue: string): string => `_kombu.binding.${queue}`;

/** Whether a hash's `state` is one of the six that have a counter. */
export function isState(value: string | null | undefined): value is State {
  return STATES.some((state) => state === value);
}
