import { CompactKeyMap } from '../counting/compact-key-map.js';
import type { Deps } from '../deps.js';
import { type BrokerMessage, readQueuedMessage, readUnackedMessage } from '../model/broker-messages.js';
import { keyName } from '../model/key-name.js';
import { BROKER_QUEUE_KEY } from '../model/keys.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { type BrokerKeys, brokerKeysOf, bytesOf, type DiscoveredKeys, typesOf } from './broker-keys.js';
import { readListPage } from './list-page.js';
import type { WrongTypeKey } from './queue-keys.js';

const UNACKED_PAGE = loadReadingScript(import.meta.url, './unacked-page.lua');
const COUNT_COPIES = loadReadingScript(import.meta.url, './count-copies.lua');

/** Messages of a page: they may be large. */
const PAGE = 100;
/** Messages that a snapshot names. */
const MAX_NAMED = 10_000;
/** Messages that are looked for twice: each costs a walk along every queue. */
const MAX_REPEATED = 20;

/** A message of ours that a worker has taken. */
export interface TakenMessage {
  /** What kombu knows it by, as latin1 text. */
  tag: string;
  /** Strings that it mentions; those of a message that cannot be read are not known. */
  mentioned: readonly string[];
}

/** The broker's messages as they were read. */
export interface BrokerSnapshot {
  keys: BrokerKeys;
  /** Every string that a message of a task mentions: a task whose id is among them is not lost. */
  mentioned: CompactKeyMap;
  messages: number;
  /** Messages that run our tasks. */
  ours: number;
  /** Messages that run tasks of other programs. */
  others: number;
  /** True if a message of another program came to a queue named `celery`. */
  hasOthersInCelery: boolean;
  /** Messages in a form that is not read, which may name any task. */
  unreadable: number;
  /** Entries that are no Celery messages. */
  nonCelery: number;
  /** What these keys hold is not known. */
  wrongTypeKeys: WrongTypeKey[];
  /** Messages of ours that no index lists, so no worker ever takes them again. */
  unindexed: Map<string, TakenMessage>;
  /** When each message of ours was taken that a worker has not acknowledged, Unix time in seconds. */
  takenAt: Map<string, number>;
  /** What kombu knows each message of ours by. */
  tags: CompactKeyMap;
  /** Messages of ours that were met twice, by that. A queue that moves shows a message twice. */
  perhapsRepeated: Map<string, Buffer>;
  /** How many of them were in the broker twice at one moment; at most {@link MAX_REPEATED} are looked for. */
  repeated: number;
  /** Where our messages were sent: the names of some queues. */
  routingKeys: Set<string>;
  /** The newest message of each queue. */
  newest: Map<string, Buffer>;
}

/**
 * Reads all messages of the broker: first the queues, then the messages that workers have taken, as messages go. A message
 * that is not acknowledged in time goes back to the tail of a queue, so the taken ones are read before the queues too.
 * Undefined if there is no trace of a broker. Cost: a call for 100 messages, two for taken ones; memory of 16 bytes for each
 * string that they mention.
 */
export async function readBroker(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  discovered: DiscoveredKeys,
): Promise<BrokerSnapshot | undefined> {
  const keys = await brokerKeysOf(client, discovered);
  const snapshot = emptySnapshot(keys);
  await readUnacked(deps, client, snapshot);
  Object.assign(snapshot, COUNTS, { takenAt: new Map(), unindexed: new Map() }); // counted where they are found last
  await readQueues(deps, client, { snapshot, keys: keys.queues });
  // A message may name a queue whose binding is gone.
  const known = new Set(keys.queues);
  const named = [...snapshot.routingKeys].filter((key) => !known.has(key));
  await readQueues(deps, client, { snapshot, keys: named });
  keys.queues.push(...named);
  await readUnacked(deps, client, snapshot);
  snapshot.repeated = await countRepeated(deps, client, snapshot);
  const isTrace = snapshot.messages + snapshot.wrongTypeKeys.length + keys.bindings.length > 0;
  return isTrace || discovered.unacked.length > 0 ? snapshot : undefined;
}

/** Reads only the messages that workers have taken. Cost: a call for 100. */
export async function readTakenMessages(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  discovered: DiscoveredKeys,
): Promise<BrokerSnapshot> {
  const snapshot = emptySnapshot(await brokerKeysOf(client, discovered));
  await readUnacked(deps, client, snapshot);
  return snapshot;
}

/**
 * Adds what came to the broker since. Reads everything again if the newest known message is gone, as it is from an empty
 * queue. Cost: a call for 100 new messages, and for 100 of those that workers have taken.
 */
export async function updateBroker(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  snapshot: BrokerSnapshot,
): Promise<BrokerSnapshot> {
  const next = { ...snapshot, newest: new Map<string, Buffer>() }; // what the first reading counted stays
  await readQueues(deps, client, { snapshot: next, keys: next.keys.queues, until: snapshot.newest });
  await readUnacked(deps, client, next);
  return next;
}

const COUNTS = { messages: 0, ours: 0, others: 0, unreadable: 0, nonCelery: 0 };

function emptySnapshot(keys: BrokerKeys): BrokerSnapshot {
  return {
    keys,
    mentioned: new CompactKeyMap(),
    ...COUNTS,
    hasOthersInCelery: false,
    wrongTypeKeys: [...keys.wrongType],
    unindexed: new Map(),
    takenAt: new Map(),
    tags: new CompactKeyMap(),
    perhapsRepeated: new Map(),
    repeated: 0,
    routingKeys: new Set(),
    newest: new Map(),
  };
}

/** Reads those of some keys that exist; what a key of another type holds is not known. `until`: the newest known messages. */
async function readQueues(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  {
    snapshot,
    keys,
    until,
  }: { snapshot: BrokerSnapshot; keys: readonly string[]; until?: Map<string, Buffer> },
): Promise<void> {
  for (const [key, type] of await typesOf(client, keys)) {
    if (type === 'list') await readQueue(deps, client, { snapshot, key, until: until?.get(key) });
    else if (type !== 'none') noteWrongType(snapshot, key, type);
  }
}

/** Starts at the newest message: new ones only push the others away from the head, so none is missed. */
async function readQueue(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  { snapshot, key, until }: { snapshot: BrokerSnapshot; key: string; until?: Buffer | undefined },
): Promise<void> {
  for (let from = 0; ; from += PAGE) {
    signal.throwIfAborted();
    const page = await readListPage(client, bytesOf(key), [from, from + PAGE - 1]);
    if (!Array.isArray(page)) return noteWrongType(snapshot, key, page.wrongType);
    for (const message of page) {
      if (!snapshot.newest.has(key)) snapshot.newest.set(key, message);
      if (until?.equals(message)) return;
      const read = readQueuedMessage(message.toString());
      note(snapshot, read, snapshot.keys.celeryQueues.has(key));
      noteRepeated(snapshot, read, message);
    }
    if (page.length < PAGE) return;
  }
}

async function readUnacked(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  snapshot: BrokerSnapshot,
): Promise<void> {
  for (const key of snapshot.keys.unacked) {
    let cursor = '0';
    do {
      signal.throwIfAborted();
      const page = await runScript<Buffer | [Buffer, (Buffer | null)[]]>(client, UNACKED_PAGE, {
        keys: [bytesOf(key), bytesOf(`${key}_index`)],
        args: [cursor, String(PAGE)],
      });
      if (!Array.isArray(page)) {
        noteWrongType(snapshot, key, page.toString());
        break;
      }
      const [next, taken] = page;
      for (let i = 0; i < taken.length; i += 3) {
        noteTaken(snapshot, readUnackedMessage(taken[i + 1]!.toString()), {
          tag: taken[i]!.toString('latin1'),
          takenAt: taken[i + 2] ?? null,
        });
      }
      cursor = next.toString();
    } while (cursor !== '0');
  }
}

/** Notes what may be in the broker twice. */
function noteRepeated(
  { tags, perhapsRepeated }: BrokerSnapshot,
  message: BrokerMessage,
  bytes: Buffer,
): void {
  if (!('owner' in message) || message.owner !== 'ours' || message.tag === undefined) return;
  if (tags.note(Buffer.from(message.tag), 1) === 0 || perhapsRepeated.size >= MAX_REPEATED) return;
  perhapsRepeated.set(message.tag, Buffer.from(bytes));
}

/** How many messages are in the broker twice at one moment. Cost: a call for each that may be. */
async function countRepeated(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  { keys, perhapsRepeated }: BrokerSnapshot,
): Promise<number> {
  let repeated = 0;
  const unacked = keys.unacked.map(bytesOf);
  for (const [tag, message] of perhapsRepeated) {
    signal.throwIfAborted();
    const operands = { keys: keys.queues.map(bytesOf), args: [message, tag, ...unacked] };
    if ((await runScript<number>(client, COUNT_COPIES, operands)) > 1) repeated++;
  }
  return repeated;
}

function noteWrongType({ wrongTypeKeys }: BrokerSnapshot, key: string, type: string): void {
  const name = keyName(bytesOf(key));
  if (!wrongTypeKeys.some((known) => known.key === name)) wrongTypeKeys.push({ key: name, type });
}

function noteTaken(
  snapshot: BrokerSnapshot,
  message: BrokerMessage,
  { tag, takenAt }: { tag: string; takenAt: Buffer | null },
): void {
  const routingKey = 'routingKey' in message ? message.routingKey : undefined;
  note(snapshot, message, routingKey === undefined || routingKey === BROKER_QUEUE_KEY);
  if (!('owner' in message) || message.owner !== 'ours') return;
  snapshot.tags.note(Buffer.from(tag, 'latin1'), 1);
  if (takenAt !== null) snapshot.takenAt.set(tag, Number(takenAt.toString()));
  else if (snapshot.unindexed.size < MAX_NAMED) {
    snapshot.unindexed.set(tag, { tag, mentioned: message.kind === 'readable' ? message.mentioned : [] });
  }
}

function note(snapshot: BrokerSnapshot, message: BrokerMessage, isInCelery: boolean): void {
  snapshot.messages++;
  if (message.kind === 'not-celery') {
    snapshot.nonCelery++;
    return;
  }
  if (message.kind === 'unreadable') {
    snapshot.unreadable++;
    return;
  }
  const { owner, routingKey } = message;
  if (owner === 'ours') {
    snapshot.ours++;
    if (routingKey && snapshot.routingKeys.size < MAX_NAMED) {
      for (const prefix of snapshot.keys.prefixes) {
        snapshot.routingKeys.add(prefix + Buffer.from(routingKey).toString('latin1'));
      }
    }
  }
  if (owner === 'other') {
    snapshot.others++;
    snapshot.hasOthersInCelery ||= isInCelery;
  }
  if (message.kind === 'opaque') {
    if (owner !== 'other') snapshot.unreadable++;
  } else if (owner !== 'none') {
    // A worker drops a message that names no task.
    for (const text of message.mentioned) snapshot.mentioned.note(Buffer.from(text), 1);
  }
}
