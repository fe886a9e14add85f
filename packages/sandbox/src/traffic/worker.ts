import {
  BROKER_LIST,
  DLQ_LIST,
  HEARTBEAT_TTL_SECONDS,
  heartbeatKey,
  RETRY_QUEUE,
  SCHEDULED_SET,
  taskKey,
  UNACKED_HASH,
  UNACKED_INDEX,
} from '../keys.js';
import { isoformat, type Micros, pyFloat, SECOND } from '../python.js';
import type { Random } from '../random.js';
import { deliveryTagOf, taskIdOfMessage } from '../shapes/broker-shapes.js';
import * as shape from '../shapes/task-shapes.js';
import { hset, type StoredTask, type TaskStore } from './task-store.js';
import type { TrafficTimes } from './traffic-options.js';

const FAILURE = { error: 'OpenRouter API error: OpenRouter API error: 429', errorType: 'RateLimitError' };
const LAST_RETRY = 3;
const RETRY_MS = 500;

/**
 * Takes the oldest message of the broker as Celery does, and acknowledges it early, after `unacknowledged` has passed;
 * undefined where there is none. What is no Celery message is discarded.
 * @returns the id of the task, `''` where the message was discarded
 */
export async function takeMessage(
  store: TaskStore,
  unacknowledged: () => Promise<void>,
): Promise<string | undefined> {
  const message = await store.client.rPop(BROKER_LIST);
  if (message === null) return undefined;
  const tag = deliveryTagOf(message);
  if (tag === undefined) return '';
  await store.client
    .multi()
    .zAdd(UNACKED_INDEX, { value: tag, score: store.microsNow() / SECOND })
    .hSet(UNACKED_HASH, tag, `[${message}, "", "celery"]`)
    .exec();
  await unacknowledged();
  await store.client.multi().zRem(UNACKED_INDEX, tag).hDel(UNACKED_HASH, tag).exec();
  return taskIdOfMessage(message) ?? '';
}

/** A worker says that it lives; at the start and the end of a task only. */
export const beat = (store: TaskStore, workerId: string, { beatTtlMs }: TrafficTimes): Promise<unknown> =>
  store.client.set(heartbeatKey(workerId), pyFloat(store.microsNow() / SECOND), {
    expiration:
      beatTtlMs === undefined
        ? { type: 'EX', value: HEARTBEAT_TTL_SECONDS }
        : { type: 'PX', value: beatTtlMs },
  });

/** A worker starts a task, mostly a PENDING one; resolves to its `started_at`. */
export async function startTask(store: TaskStore, task: StoredTask, workerId: string): Promise<string> {
  const fields = shape.startedFields({ workerId, startedAt: store.microsNow() });
  await store.write({ taskId: task.id, from: task.state, to: 'ACTIVE' }, [hset(taskKey(task.id), fields)]);
  return fields.started_at as string;
}

/** How a task ends: its state, its last fields, and the command that files its id where it is to be found. */
export interface Ending {
  to: 'COMPLETED' | 'SCHEDULED' | 'DLQ';
  fields: shape.TaskFields;
  file?: string[];
}

/** A task ends at `at`: mostly well, else for another attempt within half a second (`retryMs`), else for good. */
export function endingOf(
  { id, fields }: StoredTask,
  random: Random,
  { retryMs, at }: Pick<TrafficTimes, 'retryMs'> & { at: Micros },
): Ending {
  const luck = random.int(10);
  if (luck < 6) {
    return { to: 'COMPLETED', fields: shape.completedFields(shape.llmResult(`finished ${id}`), at) };
  }
  if (luck < 9 && Number(fields.retry_count ?? '0') < LAST_RETRY) {
    const retryAt = at / SECOND + (random.next() * (retryMs ?? RETRY_MS)) / 1000;
    const change = shape.scheduledFields(fields, { at, ...FAILURE, retryAt });
    return { to: 'SCHEDULED', fields: change, file: ['ZADD', SCHEDULED_SET, String(retryAt), id] };
  }
  return { to: 'DLQ', fields: shape.dlqFields(fields, { at, ...FAILURE }), file: ['LPUSH', DLQ_LIST, id] };
}

/** A worker ends a task, and files it in the same `MULTI` where the ending says how. */
export async function endTask(store: TaskStore, { id, state }: StoredTask, ending: Ending): Promise<void> {
  const commands = [hset(taskKey(id), ending.fields), ...(ending.file === undefined ? [] : [ending.file])];
  await store.write({ taskId: id, from: state, to: ending.to }, commands);
}

/** The scheduler moves a due task back into a queue. */
export async function moveDueTask(store: TaskStore, { id, state }: StoredTask): Promise<void> {
  const fields = { state: 'PENDING', updated_at: isoformat(store.microsNow()) };
  await store.write({ taskId: id, from: state, to: 'PENDING' }, [
    ['ZREM', SCHEDULED_SET, id],
    ['LPUSH', RETRY_QUEUE, id],
    hset(taskKey(id), fields),
  ]);
}
