import { CompactKeyMap } from '../counting/compact-key-map.js';
import type { Deps } from '../deps.js';
import { type BrokerMessage, readQueuedMessage, readUnackedMessage } from '../model/broker-messages.js';
import { BROKER_QUEUE_KEYS, BROKER_UNACKED_KEY } from '../model/keys.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { readListPage } from './list-page.js';
import type { WrongTypeKey } from './queue-keys.js';

const UNACKED_PAGE = loadReadingScript(import.meta.url, './unacked-page.lua');

/** The Celery task by which AsyncTaskFlow runs its tasks, in whatever module, and Celery's own, which run others. */
const RUNS_TASKS = /^(.*\.)?summarize_text$|^celery\./;
/** Messages of a page: they may be large. */
const PAGE = 100;
/** Pages that are searched for the newest known message before everything is read again. */
const PAGES_BACK = 50;

/** The broker's messages as they were read. */
export interface BrokerSnapshot {
  /** Every string that a message mentions: a task whose id is among them is not lost. */
  mentioned: CompactKeyMap;
  messages: number;
  /** Messages in a form that is not read, which may name any task. */
  opaque: number;
  /** Entries that are no Celery messages. */
  nonCelery: number;
  /** What these keys hold is not known. */
  wrongTypeKeys: WrongTypeKey[];
  /** The newest message of each list. */
  newest: Map<string, Buffer>;
}

/** True if every message could be read: a task that none of them names is in none of them. */
export function isFullyRead({ opaque, wrongTypeKeys }: BrokerSnapshot): boolean {
  return opaque === 0 && wrongTypeKeys.length === 0;
}

/**
 * Reads all messages of the broker: first the lists, then the messages that workers have taken, as messages go. A message
 * that is not acknowledged in time goes back to the tail of a list, so the taken ones are read before the lists too.
 * Cost: a call for 100 messages, two for taken ones; memory of 16 bytes for each string that they mention.
 */
export async function readBroker(deps: Pick<Deps, 'signal'>, client: Redis): Promise<BrokerSnapshot> {
  const snapshot: BrokerSnapshot = {
    mentioned: new CompactKeyMap(),
    messages: 0,
    opaque: 0,
    nonCelery: 0,
    wrongTypeKeys: [],
    newest: new Map(),
  };
  await readUnacked(deps, client, snapshot);
  Object.assign(snapshot, { messages: 0, opaque: 0, nonCelery: 0 }); // counted where they are found last
  for (const key of BROKER_QUEUE_KEYS) {
    for await (const message of messagesOf(deps, client, { snapshot, key })) {
      if (!snapshot.newest.has(key)) snapshot.newest.set(key, message);
      note(snapshot, readQueuedMessage(message.toString()));
    }
  }
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
  for (const key of BROKER_QUEUE_KEYS) {
    let read = 0;
    for await (const message of messagesOf(deps, client, { snapshot: next, key })) {
      if (!next.newest.has(key)) next.newest.set(key, message);
      if (snapshot.newest.get(key)?.equals(message)) break;
      if (++read > PAGE * PAGES_BACK) {
        const again = await readBroker(deps, client);
        return { ...again, opaque: snapshot.opaque + again.opaque };
      }
      note(next, readQueuedMessage(message.toString()));
    }
  }
  await readUnacked(deps, client, next);
  return next;
}

async function readUnacked(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  snapshot: BrokerSnapshot,
): Promise<void> {
  const key = BROKER_UNACKED_KEY;
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const page = await runScript<Buffer | [Buffer, Buffer[]]>(client, UNACKED_PAGE, {
      keys: [key],
      args: [cursor, String(PAGE)],
    });
    if (!Array.isArray(page)) return noteWrongType(snapshot, { key, type: page.toString() });
    const [next, flat] = page;
    for (let i = 1; i < flat.length; i += 2) note(snapshot, readUnackedMessage(flat[i]!.toString()));
    cursor = next.toString();
  } while (cursor !== '0');
}

/** Starts at the newest: new messages only push the others away from the head, so none is missed. */
async function* messagesOf(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  { snapshot, key }: { snapshot: BrokerSnapshot; key: string },
): AsyncGenerator<Buffer> {
  for (let from = 0; ; from += PAGE) {
    signal.throwIfAborted();
    const page = await readListPage(client, key, [from, from + PAGE - 1]);
    if (!Array.isArray(page)) return noteWrongType(snapshot, { key, type: page.wrongType });
    yield* page;
    if (page.length < PAGE) return;
  }
}

function noteWrongType({ wrongTypeKeys }: BrokerSnapshot, found: WrongTypeKey): void {
  if (!wrongTypeKeys.some(({ key }) => key === found.key)) wrongTypeKeys.push(found);
}

function note(snapshot: BrokerSnapshot, message: BrokerMessage): void {
  snapshot.messages++;
  if (message.kind === 'not-celery') snapshot.nonCelery++;
  else if (message.kind === 'readable')
    for (const text of message.mentioned) snapshot.mentioned.note(Buffer.from(text), 1);
  else if (message.task === undefined || RUNS_TASKS.test(message.task)) snapshot.opaque++;
}
