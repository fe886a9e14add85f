import {
  BROKER_QUEUE_KEY,
  BROKER_UNACKED_KEY,
  DLQ_KEY,
  loadReadingScript,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  type Redis,
  runScript,
  SCHEDULED_KEY,
} from '@atf/core';

import type { QueueDepth } from './schema.js';

const QUEUE_DEPTHS = loadReadingScript(import.meta.url, './queue-depths.lua');

const QUEUES = [
  [PENDING_PRIMARY_KEY, 'list'],
  [PENDING_RETRY_KEY, 'list'],
  [SCHEDULED_KEY, 'zset'],
  [DLQ_KEY, 'list'],
  [BROKER_QUEUE_KEY, 'list'],
  [BROKER_UNACKED_KEY, 'hash'],
] as const;

/** How deep the queues of AsyncTaskFlow and of its broker are. Cost: one call. */
export async function queueDepths(client: Redis): Promise<QueueDepth[]> {
  const depths = await runScript<number[]>(client, QUEUE_DEPTHS, {
    keys: QUEUES.map(([key]) => key),
    args: QUEUES.map(([, type]) => type),
  });
  return QUEUES.map(([key], i) => ({ key, depth: depths[i]! < 0 ? null : depths[i]! }));
}
