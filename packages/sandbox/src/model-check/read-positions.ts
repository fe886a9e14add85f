import { BROKER_LIST, DLQ_LIST, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, UNACKED_HASH } from '../keys.js';
import type { SandboxClient } from '../redis-client.js';
import { taskIdOfMessage, taskIdOfTriple } from '../shapes/broker-shapes.js';

/** Everything that holds ids of tasks, as it stands. */
export interface QueuePositions {
  primary: string[];
  retry: string[];
  dlq: string[];
  /** Unix time in seconds by id. */
  scheduled: Map<string, number>;
  /** Ids in messages of `celery` and `unacked`, a message each. */
  messages: string[];
  /** The same, to look one up at once. */
  broker: ReadonlySet<string>;
  /** The members of the three lists, to look one up at once. */
  members: Record<'primary' | 'retry' | 'dlq', ReadonlySet<string>>;
}

/** Reads queues and broker whole; one command each. */
export async function readPositions(client: SandboxClient): Promise<QueuePositions> {
  const [primary, retry, dlq, scheduled, messages, unacked] = await Promise.all([
    client.lRange(PRIMARY_QUEUE, 0, -1),
    client.lRange(RETRY_QUEUE, 0, -1),
    client.lRange(DLQ_LIST, 0, -1),
    client.zRangeWithScores(SCHEDULED_SET, 0, -1),
    client.lRange(BROKER_LIST, 0, -1),
    client.hVals(UNACKED_HASH),
  ]);
  const ids = [...messages.map(taskIdOfMessage), ...unacked.map(taskIdOfTriple)].filter(
    (id) => id !== undefined,
  );
  return {
    primary,
    retry,
    dlq,
    scheduled: new Map(scheduled.map(({ value, score }) => [value, score])),
    messages: ids,
    broker: new Set(ids),
    members: { primary: new Set(primary), retry: new Set(retry), dlq: new Set(dlq) },
  };
}
