import {
  BINARY,
  counterKey,
  ID_LISTS,
  isTaskId,
  isTaskState,
  type Redis,
  SCHEDULED_KEY,
  TASK_KEY_PREFIX,
  taskKey,
} from '@atf/core';
import { isCounting } from './expected-repairs.js';

/** As much of a `task_id` is looked at; a longer one stands for no task. */
const ID_BYTES = 1_000;

/**
 * Deletes tasks, by their keys in latin1, as delete-defective-tasks says that it does, one plain command after the other: hash,
 * dead-letter copy, each entry of the queues, share of the counters. An id that another task's key has is that one's.
 */
export async function deletePlainly(client: Redis, names: readonly string[]): Promise<void> {
  const keys = names.map((name) => Buffer.from(name, 'latin1'));
  const fields = await Promise.all(
    keys.map((key) => client.sendCommand<(Buffer | null)[]>(['HMGET', key, 'task_id', 'state'], BINARY)),
  );
  for (const key of keys) await client.sendCommand(['DEL', key]);
  for (const [i, key] of keys.entries()) {
    const [taskId, state] = fields[i]!;
    await deleteReferences(client, key.subarray(TASK_KEY_PREFIX.length));
    if (taskId && (await isOwn(client, taskId))) await deleteReferences(client, taskId);
    if (state) await lowerCounter(client, state.toString('latin1'));
  }
}

async function isOwn(client: Redis, taskId: Buffer): Promise<boolean> {
  if (taskId.length >= ID_BYTES || !isTaskId(taskId.toString('latin1'))) return false;
  return (await client.sendCommand<number>(['EXISTS', named(taskKey(''), taskId)])) === 0;
}

async function deleteReferences(client: Redis, id: Buffer): Promise<void> {
  await client.sendCommand(['DEL', named('dlq:task:', id)]);
  for (const list of ID_LISTS)
    if (await isOf(client, list, 'list')) await client.sendCommand(['LREM', list, '0', id]);
  if (await isOf(client, SCHEDULED_KEY, 'zset')) await client.sendCommand(['ZREM', SCHEDULED_KEY, id]);
}

async function lowerCounter(client: Redis, state: string): Promise<void> {
  if (!isTaskState(state) || !(await isOf(client, counterKey(state), 'string'))) return;
  const counter = await client.sendCommand<Buffer>(['GET', counterKey(state)], BINARY);
  if (isCounting(counter.toString('latin1'))) await client.sendCommand(['DECR', counterKey(state)]);
}

const named = (prefix: string, id: Buffer) => Buffer.concat([Buffer.from(prefix), id]);
const isOf = async (client: Redis, key: string, type: string) =>
  (await client.sendCommand<string>(['TYPE', key])) === type;
