import type { Deps } from '../deps.js';
import { DLQ_KEY, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, SCHEDULED_KEY } from '../model/keys.js';
import type { ObservedState } from '../model/task-counts.js';
import type { Redis } from '../redis/client.js';
import { type DiscoveredKeys, discoverKeys } from './broker-keys.js';
import type { BrokerSnapshot } from './broker-notes.js';
import { type IdList, readIdList, updateIdList } from './id-list.js';
import type { Broker } from './open-broker.js';
import type { WrongTypeKey } from './queue-keys.js';
import { readScheduledSet, type ScheduledSet } from './scheduled-set.js';

// What may be at the key of a task in a list. Tasks without a known state are for delete-defective-tasks.
const UNKNOWN: readonly ObservedState[] = ['missing-state', 'unknown-state', 'not-a-hash'];
const EXPECTED_PENDING: readonly ObservedState[] = ['PENDING', 'FAILED', ...UNKNOWN];
const EXPECTED_DLQ: readonly ObservedState[] = ['DLQ', 'FAILED', ...UNKNOWN];

/** AsyncTaskFlow's own queues, as they were read once. */
export interface IdQueues {
  primary: IdList;
  retry: IdList;
  dlq: IdList;
  scheduled: ScheduledSet;
}

/** Everything that holds ids, as it was read once. */
export interface QueueSnapshot extends IdQueues {
  /** Undefined if there is no broker to read. */
  broker: BrokerSnapshot | undefined;
  brokerKnowledge: BrokerKnowledge;
  /** Ids of the workers and consumers that send heartbeats. */
  heartbeats: readonly string[];
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

/**
 * How far the broker's messages are known. Only `read` proves that a task without a message is lost: `not-found` there is no
 * broker; `not-ours` it may belong to another program; `unreadable` a queue or a message could not be read.
 */
export const BROKER_KNOWLEDGE = ['read', 'not-found', 'not-ours', 'unreadable'] as const;
export type BrokerKnowledge = (typeof BROKER_KNOWLEDGE)[number];

export interface SnapshotOptions {
  broker: Broker;
  /** Unix time in seconds: what was due before that is overdue. */
  dueBefore: number;
}

/** Reads all queues and the broker once, in the order in which ids go through them. Cost: see each reader. */
export async function takeQueueSnapshot(
  deps: QueueDeps,
  client: Redis,
  { broker, dueBefore }: SnapshotOptions,
): Promise<QueueSnapshot> {
  const queues = await readIdQueues(deps, client, dueBefore);
  return await readBrokerAfter(queues, { broker, discovered: await discoverKeys(deps, client) });
}

type QueueDeps = Pick<Deps, 'signal' | 'progress' | 'pace'>;

/** Reads AsyncTaskFlow's own queues once: the first part of a snapshot. Cost: see each reader. */
export async function readIdQueues(deps: QueueDeps, client: Redis, dueBefore: number): Promise<IdQueues> {
  deps.progress({ step: 'read-queues', what: 'Reading queues', done: 0 });
  const scheduled = await readScheduledSet(deps, client, dueBefore);
  const pending = (key: string, twin = {}) =>
    readIdList(deps, client, { key, expected: EXPECTED_PENDING, ...twin });
  const primary = await pending(PENDING_PRIMARY_KEY);
  const retry = await pending(PENDING_RETRY_KEY, { twin: primary.ids });
  const dlq = await readIdList(deps, client, { key: DLQ_KEY, expected: EXPECTED_DLQ });
  return { primary, retry, dlq, scheduled };
}

/** Reads the broker: the second part of a snapshot. `discovered` was found after the queues had been read. */
export async function readBrokerAfter(
  queues: IdQueues,
  { broker, discovered }: { broker: Broker; discovered: DiscoveredKeys },
): Promise<QueueSnapshot> {
  const messages = await broker.read(discovered);
  const { heartbeats } = discovered;
  const known = { broker: messages, brokerKnowledge: knowledgeOf(messages, broker), heartbeats };
  return { ...queues, ...known, endedAt: performance.now() };
}

/** Adds what came to the lists and the broker since; what was read stays. Cost: a call or two for each. */
export async function updateQueueSnapshot(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  { snapshot, broker }: { snapshot: QueueSnapshot; broker: Broker },
): Promise<QueueSnapshot> {
  const lists = {
    primary: await updateIdList(deps, client, snapshot.primary),
    retry: await updateIdList(deps, client, snapshot.retry),
    dlq: await updateIdList(deps, client, snapshot.dlq),
  };
  const messages = snapshot.broker && (await broker.update(snapshot.broker));
  return { ...snapshot, ...lists, broker: messages, brokerKnowledge: knowledgeOf(messages, broker) };
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

/**
 * How far a snapshot knows the broker's messages. A broker is ours if its URL was given, if it holds a message of ours, or if
 * `celery` has a binding and none of its messages belongs to another program.
 */
function knowledgeOf(snapshot: BrokerSnapshot | undefined, { isNamed }: Broker): BrokerKnowledge {
  if (!snapshot) return 'not-found';
  const { ours, keys, hasOthersInCelery, unreadable, wrongTypeKeys } = snapshot;
  if (!isNamed && ours === 0 && (!keys.isCeleryBound || hasOthersInCelery)) return 'not-ours';
  return unreadable + wrongTypeKeys.length > 0 ? 'unreadable' : 'read';
}

/** Keys with the name of a queue, but of another type: they are left alone. */
export function wrongTypeQueues({ primary, retry, dlq, scheduled }: IdQueues): WrongTypeKey[] {
  return [primary, retry, dlq, { ...scheduled, key: SCHEDULED_KEY }].flatMap(({ key, wrongType: type }) =>
    type === undefined ? [] : [{ key, type }],
  );
}
