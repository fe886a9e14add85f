import type { Deps } from '../deps.js';
import { DLQ_KEY, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, SCHEDULED_KEY } from '../model/keys.js';
import type { ObservedState } from '../model/task-counts.js';
import type { Redis } from '../redis/client.js';
import { type BrokerSnapshot, isFullyRead } from './broker-snapshot.js';
import { type IdList, readIdList, updateIdList } from './id-list.js';
import type { Broker } from './open-broker.js';
import type { WrongTypeKey } from './queue-keys.js';
import { readScheduledSet, type ScheduledSet } from './scheduled-set.js';

// What may be at the key of a task in a list. Tasks without a known state are for delete-defective-tasks.
const UNKNOWN: readonly ObservedState[] = ['missing-state', 'unknown-state', 'not-a-hash'];
const EXPECTED_PENDING: readonly ObservedState[] = ['PENDING', 'FAILED', ...UNKNOWN];
const EXPECTED_DLQ: readonly ObservedState[] = ['DLQ', 'FAILED', ...UNKNOWN];

/** Everything that holds ids, as it was read once. */
export interface QueueSnapshot {
  primary: IdList;
  retry: IdList;
  dlq: IdList;
  scheduled: ScheduledSet;
  /** Undefined if there is no broker to read. */
  broker: BrokerSnapshot | undefined;
  /** When it ended, by the clock of `performance.now()`. */
  endedAt: number;
}

/** Where an id was read. */
export interface Locations {
  primary: boolean;
  retry: boolean;
  dlq: boolean;
  scheduled: boolean;
  broker: boolean;
}

/** How far the broker's messages are known. */
export const BROKER_KNOWLEDGE = ['read', 'not-read', 'unreadable'] as const;
export type BrokerKnowledge = (typeof BROKER_KNOWLEDGE)[number];

export interface SnapshotOptions {
  broker: Broker;
  /** Unix time in seconds: what was due before that is overdue. */
  dueBefore: number;
}

/** Reads all queues and the broker once, in the order in which ids go through them. Cost: see each reader. */
export async function takeQueueSnapshot(
  deps: Pick<Deps, 'signal' | 'progress'>,
  client: Redis,
  { broker, dueBefore }: SnapshotOptions,
): Promise<QueueSnapshot> {
  deps.progress({ step: 'read-queues', what: 'Reading queues', done: 0 });
  const scheduled = await readScheduledSet(deps, client, dueBefore);
  const pending = (key: string, twin = {}) =>
    readIdList(deps, client, { key, expected: EXPECTED_PENDING, ...twin });
  const primary = await pending(PENDING_PRIMARY_KEY);
  const retry = await pending(PENDING_RETRY_KEY, { twin: primary.ids });
  const dlq = await readIdList(deps, client, { key: DLQ_KEY, expected: EXPECTED_DLQ });
  const messages = await broker.read();
  return { primary, retry, dlq, scheduled, broker: messages, endedAt: performance.now() };
}

/** Adds what came to the lists and the broker since; what was read stays. Cost: a call or two for each. */
export async function updateQueueSnapshot(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  { snapshot, broker }: { snapshot: QueueSnapshot; broker: Broker },
): Promise<QueueSnapshot> {
  const { primary, retry, dlq } = snapshot;
  return {
    ...snapshot,
    primary: await updateIdList(deps, client, primary),
    retry: await updateIdList(deps, client, retry),
    dlq: await updateIdList(deps, client, dlq),
    broker: snapshot.broker && (await broker.update(snapshot.broker)),
  };
}

/** Where a snapshot has an id. */
export function locationsOf(
  { primary, retry, dlq, scheduled, broker }: QueueSnapshot,
  id: Buffer,
): Locations {
  return {
    primary: primary.ids.codeOf(id) !== 0,
    retry: retry.ids.codeOf(id) !== 0,
    dlq: dlq.ids.codeOf(id) !== 0,
    scheduled: scheduled.ids.codeOf(id) !== 0,
    broker: broker !== undefined && broker.mentioned.codeOf(id) !== 0,
  };
}

/** How far a snapshot knows the broker's messages. */
export function brokerKnowledge({ broker }: QueueSnapshot): BrokerKnowledge {
  if (!broker) return 'not-read';
  return isFullyRead(broker) ? 'read' : 'unreadable';
}

/** Keys with the name of a queue, but of another type: they are left alone. */
export function wrongTypeQueues({ primary, retry, dlq, scheduled }: QueueSnapshot): WrongTypeKey[] {
  return [primary, retry, dlq, { ...scheduled, key: SCHEDULED_KEY }].flatMap(({ key, wrongType: type }) =>
    type === undefined ? [] : [{ key, type }],
  );
}
