import { DLQ_LIST, dlqCopyKey, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, taskKey } from '../keys.js';
import { isoformat } from '../python.js';
import type { Random } from '../random.js';
import { articleText, pdfContent } from '../seeding/contents.js';
import { pendingTask } from '../shapes/task-shapes.js';
import { hset, type StoredTask, type TaskStore } from './task-store.js';

/** The API creates a task: hash, primary queue, counter. Resolves to its id. */
export async function createTask(store: TaskStore, random: Random): Promise<string> {
  const id = random.uuid();
  const n = random.int(100_000);
  const what = random.int(5) === 0 ? pdfContent(n) : { content: articleText(n) };
  const fields = pendingTask({ id, createdAt: store.microsNow(), ...what });
  const commands = [hset(taskKey(id), fields), ['LPUSH', PRIMARY_QUEUE, id]];
  await store.write({ taskId: id, from: null, to: 'PENDING' }, commands);
  return id;
}

/** The API deletes a task with every reference that it knows of; a broker message stays, as in reality. */
export async function deleteTask(store: TaskStore, { id, state }: StoredTask): Promise<void> {
  await store.write({ taskId: id, from: state, to: null }, [
    ['DEL', taskKey(id)],
    ['DEL', dlqCopyKey(id)],
    ['LREM', PRIMARY_QUEUE, '0', id],
    ['LREM', RETRY_QUEUE, '0', id],
    ['LREM', DLQ_LIST, '0', id],
    ['ZREM', SCHEDULED_SET, id],
  ]);
}

/** The API tries a dead or failed task again, from the start. */
export async function retryTask(store: TaskStore, { id, state }: StoredTask): Promise<void> {
  const fields = { state: 'PENDING', retry_count: '0', updated_at: isoformat(store.microsNow()) };
  await store.write({ taskId: id, from: state, to: 'PENDING' }, [
    hset(taskKey(id), fields),
    ['LREM', DLQ_LIST, '0', id],
    ['DEL', dlqCopyKey(id)],
    ['LPUSH', RETRY_QUEUE, id],
  ]);
}
