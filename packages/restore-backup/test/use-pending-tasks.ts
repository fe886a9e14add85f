import { type QueueRecord, restoreJournalKey, saveQueue } from '@atf/core';
import { BROKER_LIST, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, taskKey, UNACKED_HASH } from '@atf/sandbox';
import { beforeEach } from '@jest/globals';
import { keyRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

export const IDS = Array.from({ length: 6 }, (_, i) => `00000000-0000-4000-8000-00000000000${i}`);

/** A Redis with some PENDING tasks in a queue before each test. */
export function usePendingTasks() {
  const emptied = useEmptied();
  const journals = () => emptied.client.keys(restoreJournalKey('*'));
  const queue = () => emptied.client.lRange(PRIMARY_QUEUE, 0, -1);

  /** A backup as reset-redis makes it, with the queues in the middle. */
  async function backUpDatabase(): Promise<string> {
    const queues: QueueRecord[] = [];
    for (const key of [BROKER_LIST, UNACKED_HASH, PRIMARY_QUEUE, SCHEDULED_SET]) {
      const record = await saveQueue(emptied.target.client, Buffer.from(key));
      if (record) queues.push(record);
    }
    const names = queues.map(({ key }) => Buffer.from(key, 'base64').toString());
    const others = (await emptied.client.keys('*')).filter((key) => !names.includes(key)).sort();
    const [first, ...rest] = await keyRecords(emptied.target, others);
    return await emptied.backup([...(first ? [first] : []), ...queues, ...rest], { tool: 'reset-redis' });
  }

  /** Takes ids as the consumer does, until nothing came for a second. Resolves to the ids whose task was not there. */
  async function consume(): Promise<{ taken: string[]; lost: string[] }> {
    const consumer = await emptied.redis.client();
    const taken: string[] = [];
    const lost: string[] = [];
    for (;;) {
      const entry = await consumer.blPop([PRIMARY_QUEUE, RETRY_QUEUE], 1);
      if (!entry) break;
      taken.push(entry.element);
      if ((await consumer.exists(taskKey(entry.element))) === 0) lost.push(entry.element);
    }
    consumer.destroy();
    return { taken, lost };
  }

  beforeEach(async () => {
    for (const id of IDS) {
      await emptied.client.hSet(taskKey(id), { task_id: id, state: 'PENDING', updated_at: 'then' });
      await emptied.client.lPush(PRIMARY_QUEUE, id);
    }
  });
  return { emptied, journals, queue, backUpDatabase, consume };
}
