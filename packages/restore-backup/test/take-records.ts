import { dumpKeys, type KeyRecord, type Target, type TaskRecord } from '@atf/core';
import {
  counterKey,
  DLQ_LIST,
  dlqCopyKey,
  isState,
  PRIMARY_QUEUE,
  RETRY_QUEUE,
  SCHEDULED_SET,
  taskKey,
} from '@atf/sandbox';
import type { Emptied } from './use-emptied.js';

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

/** Records of whole keys, as they are. */
export async function keyRecords(target: Target, keys: readonly (string | Buffer)[]): Promise<KeyRecord[]> {
  return await dumpKeys(
    target.client,
    keys.map((key) => Buffer.from(key)),
  );
}

/** Records of tasks with all that knows them, in the lists as they are. */
export async function taskRecords(
  { client, target }: Emptied,
  ids: readonly string[],
): Promise<TaskRecord[]> {
  const lists = await Promise.all(
    [PRIMARY_QUEUE, RETRY_QUEUE, DLQ_LIST].map(async (key) => ({
      key,
      elements: await client.lRange(key, 0, -1),
    })),
  );
  return await Promise.all(
    ids.map(async (id) => {
      const [task] = await keyRecords(target, [taskKey(id)]);
      const state = await client.hGet(taskKey(id), 'state');
      const score = await client.sendCommand<string | null>(['ZSCORE', SCHEDULED_SET, id]);
      const isCounted = isState(state) && /^-?\d+$/.test((await client.get(counterKey(state))) ?? '');
      return {
        type: 'task',
        task: task!,
        copies: await keyRecords(target, [dlqCopyKey(id)]),
        entries: lists.flatMap(({ key, elements }) =>
          elements.flatMap((element, i) =>
            element === id
              ? [
                  {
                    type: 'list-entry' as const,
                    key: base64(key),
                    element: base64(id),
                    fromTail: elements.length - 1 - i,
                  },
                ]
              : [],
          ),
        ),
        members:
          score === null
            ? []
            : [{ type: 'member', key: base64(SCHEDULED_SET), member: base64(id), score: String(score) }],
        counted: isCounted ? state : null,
      };
    }),
  );
}

/** Deletes tasks as the API does: with all that knows them. */
export async function deleteTasks(client: Emptied['client'], ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const state = await client.hGet(taskKey(id), 'state');
    await client.del([taskKey(id), dlqCopyKey(id)]);
    for (const list of [PRIMARY_QUEUE, RETRY_QUEUE, DLQ_LIST]) await client.lRem(list, 0, id);
    await client.zRem(SCHEDULED_SET, id);
    if (isState(state) && (await client.exists(counterKey(state)))) await client.decr(counterKey(state));
  }
}

/** Takes the records of tasks into a backup, and deletes the tasks. Returns the file. */
export async function backUpAndDelete(emptied: Emptied, ids: readonly string[]): Promise<string> {
  const file = await emptied.backup(await taskRecords(emptied, ids));
  await deleteTasks(emptied.client, ids);
  return file;
}
