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
import { isoformat, pyFloat, SECOND } from '../python.js';
import type { Random } from '../random.js';
import { deliveryTagOf, taskIdOfMessage } from '../shapes/broker-shapes.js';
import * as shape from '../shapes/task-shapes.js';
import { hset, microsNow, type StoredTask, type TaskStore } from './task-store.js';

const FAILURE = { error: 'OpenRouter API error: OpenRouter API error: 429', errorType: 'RateLimitError' };
const LAST_RETRY = 3;

/**
 * Takes the oldest message of the broker as Celery does, and acknowledges it early; undefined where there is none. What is
 * no Celery message is discarded.
 */
export async function takeMessage(store: TaskStore): Promise<string | undefined> {
  const message = await store.client.rPop(BROKER_LIST);
  if (message === null) return undefined;
  const tag = deliveryTagOf(message);
  if (tag === undefined) return undefined;
  await store.client
    .multi()
    .zAdd(UNACKED_INDEX, { value: tag, score: microsNow() / SECOND })
    .hSet(UNACKED_HASH, tag, `[${message}, "", "celery"]`)
    .exec();
  await store.client.multi().zRem(UNACKED_INDEX, tag).hDel(UNACKED_HASH, tag).exec();
  return taskIdOfMessage(message);
}

const beat = (store: TaskStore, workerId: string): Promise<unknown> =>
  store.client.set(heartbeatKey(workerId), pyFloat(microsNow() / SECOND), {
    expiration: { type: 'EX', value: HEARTBEAT_TTL_SECONDS },
  });

/** A worker starts a PENDING task. */
export async function startTask(store: TaskStore, task: StoredTask, workerId: string): Promise<void> {
  await beat(store, workerId);
  const fields = shape.startedFields({ workerId, startedAt: microsNow() });
  await store.write({ taskId: task.id, from: task.state, to: 'ACTIVE' }, [hset(taskKey(task.id), fields)]);
}

/** A worker ends a task: mostly well, else for another attempt within half a second, else for good. */
export async function finishTask(store: TaskStore, task: StoredTask, random: Random): Promise<void> {
  const { id, state: from, fields } = task;
  const at = microsNow();
  const luck = random.int(10);
  if (luck < 6) {
    const result = shape.completedFields(shape.llmResult(`finished ${id}`), at);
    await store.write({ taskId: id, from, to: 'COMPLETED' }, [hset(taskKey(id), result)]);
  } else if (luck < 9 && Number(fields.retry_count ?? '0') < LAST_RETRY) {
    const retryAt = at / SECOND + random.next() / 2;
    const change = shape.scheduledFields(fields, { at, ...FAILURE, retryAt });
    const zadd = ['ZADD', SCHEDULED_SET, String(retryAt), id];
    await store.write({ taskId: id, from, to: 'SCHEDULED' }, [hset(taskKey(id), change), zadd]);
  } else {
    const change = shape.dlqFields(fields, { at, ...FAILURE });
    const lpush = ['LPUSH', DLQ_LIST, id];
    await store.write({ taskId: id, from, to: 'DLQ' }, [hset(taskKey(id), change), lpush]);
  }
}

/** The scheduler moves a due task back into a queue. */
export async function moveDueTask(store: TaskStore, { id, state }: StoredTask): Promise<void> {
  const fields = { state: 'PENDING', updated_at: isoformat(microsNow()) };
  await store.write({ taskId: id, from: state, to: 'PENDING' }, [
    ['ZREM', SCHEDULED_SET, id],
    ['LPUSH', RETRY_QUEUE, id],
    hset(taskKey(id), fields),
  ]);
}
