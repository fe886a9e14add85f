import {
  BROKER_QUEUE_KEY,
  BROKER_UNACKED_KEY,
  DLQ_KEY,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  type Redis,
  SCHEDULED_KEY,
} from '@atf/core';

/** How many entries a queue has; null where its key is of another type. */
export interface QueueDepth {
  key: string;
  depth: number | null;
}

const SIZE_OF = { list: 'LLEN', zset: 'ZCARD', hash: 'HLEN' } as const;

const QUEUES = [
  [PENDING_PRIMARY_KEY, 'list'],
  [PENDING_RETRY_KEY, 'list'],
  [SCHEDULED_KEY, 'zset'],
  [DLQ_KEY, 'list'],
  [BROKER_QUEUE_KEY, 'list'],
  [BROKER_UNACKED_KEY, 'hash'],
] as const;

/** How deep the queues of AsyncTaskFlow and of its broker are. Cost: two calls for each of six. */
export async function queueDepths(client: Redis): Promise<QueueDepth[]> {
  return Promise.all(
    QUEUES.map(async ([key, type]) => {
      const found = String(await client.type(key));
      if (found === 'none') return { key, depth: 0 };
      if (found !== type) return { key, depth: null };
      return { key, depth: Number(await client.sendCommand([SIZE_OF[type], key])) };
    }),
  );
}
