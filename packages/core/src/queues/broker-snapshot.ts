import type { Deps } from '../deps.js';
import { readQueuedMessage, readUnackedMessage } from '../model/broker-messages.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { brokerKeysOf, bytesOf, type DiscoveredKeys, typesOf } from './broker-keys.js';
import {
  type BrokerSnapshot,
  COUNTS,
  emptySnapshot,
  note,
  noteRepeated,
  noteTaken,
  noteWrongType,
} from './broker-notes.js';
import { readListPage } from './list-page.js';

const UNACKED_PAGE = loadReadingScript(import.meta.url, './unacked-page.lua');
const COUNT_COPIES = loadReadingScript(import.meta.url, './count-copies.lua');

/** Messages of a page: they may be large. */
const PAGE = 100;

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
