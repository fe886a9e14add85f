import {
  BROKER_QUEUE_KEYS,
  BROKER_UNACKED_KEY,
  type BrokerMessage,
  CompactKeyMap,
  type Deps,
  loadReadingScript,
  type Redis,
  readQueuedMessage,
  readUnackedMessage,
  runScript,
} from '@atf/core';

const READ_MESSAGES_PAGE = loadReadingScript(import.meta.url, './read-messages-page.lua');
const READ_UNACKED_PAGE = loadReadingScript(import.meta.url, './read-unacked-page.lua');

/** The Celery task by which AsyncTaskFlow runs its tasks, in whatever module, and Celery's own, which run others. */
const RUNS_TASKS = /^(.*\.)?summarize_text$|^celery\./;
/** Messages of a page: they may be large. */
const PAGE = 100;
/** Pages that are searched for the newest known message before all is read again. */
const PAGES_BACK = 50;

/** The broker as it was looked at. */
export interface BrokerLook {
  /** Every string that a message mentions: an id among them is not lost. */
  named: CompactKeyMap;
  messages: number;
  /** Messages in a form that is not read, which may name any task. */
  opaque: number;
  /** What is no Celery message. */
  foreign: number;
  /** Keys of another type, by name: what they hold is not known. */
  foreignKeys: { key: string; type: string }[];
  /** The newest message of each list. */
  heads: Map<string, Buffer>;
}

/** True where every message could be read: what none of them names, none of them holds. */
export function isWhole({ opaque, foreignKeys }: BrokerLook): boolean {
  return opaque === 0 && foreignKeys.length === 0;
}

/**
 * Reads all messages of the broker, the lists first and then those that workers have taken: the way that messages go. Where
 * a worker does not acknowledge in time they go back, to the tail of a list, so that the taken ones are read before as well.
 * Cost: a call for 100 messages, for taken ones two; memory of 16 bytes for a string that they mention.
 */
export async function readBroker(deps: Pick<Deps, 'signal'>, client: Redis): Promise<BrokerLook> {
  const look: BrokerLook = {
    named: new CompactKeyMap(),
    messages: 0,
    opaque: 0,
    foreign: 0,
    foreignKeys: [],
    heads: new Map(),
  };
  await readUnacked(deps, client, look);
  Object.assign(look, { messages: 0, opaque: 0, foreign: 0 }); // counted where they are found last
  for (const key of BROKER_QUEUE_KEYS) {
    for await (const message of messagesOf(deps, client, { look, key })) {
      if (!look.heads.has(key)) look.heads.set(key, message);
      note(look, readQueuedMessage(message.toString()));
    }
  }
  await readUnacked(deps, client, look);
  return look;
}

/**
 * Notes in the look what came to the broker since. Cost: a call for 100 new messages, and all that workers have taken;
 * reads everything again where the newest known message is gone, as it is from an empty queue.
 */
export async function catchUpBroker(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  look: BrokerLook,
): Promise<BrokerLook> {
  const next = { ...look, heads: new Map<string, Buffer>() }; // what the first look counted stays
  for (const key of BROKER_QUEUE_KEYS) {
    let read = 0;
    for await (const message of messagesOf(deps, client, { look: next, key })) {
      if (!next.heads.has(key)) next.heads.set(key, message);
      if (look.heads.get(key)?.equals(message)) break;
      if (++read > PAGE * PAGES_BACK) return merged(look, await readBroker(deps, client));
      note(next, readQueuedMessage(message.toString()));
    }
  }
  await readUnacked(deps, client, next);
  return next;
}

/** What was ever seen counts as seen. */
function merged(before: BrokerLook, after: BrokerLook): BrokerLook {
  return { ...after, opaque: before.opaque + after.opaque };
}

async function readUnacked({ signal }: Pick<Deps, 'signal'>, client: Redis, look: BrokerLook): Promise<void> {
  const key = BROKER_UNACKED_KEY;
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const page = await runScript<Buffer | [Buffer, Buffer[]]>(client, READ_UNACKED_PAGE, {
      keys: [key],
      args: [cursor, String(PAGE)],
    });
    if (!Array.isArray(page)) return noteForeign(look, { key, type: page.toString() });
    const [next, flat] = page;
    for (let i = 1; i < flat.length; i += 2) note(look, readUnackedMessage(flat[i]!.toString()));
    cursor = next.toString();
  } while (cursor !== '0');
}

/** From the newest on: new ones only push the others away from the head, so that none is passed over. */
async function* messagesOf(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  { look, key }: { look: BrokerLook; key: string },
): AsyncGenerator<Buffer> {
  for (let from = 0; ; from += PAGE) {
    signal.throwIfAborted();
    const page = await runScript<Buffer | Buffer[]>(client, READ_MESSAGES_PAGE, {
      keys: [key],
      args: [String(from), String(from + PAGE - 1)],
    });
    if (!Array.isArray(page)) return noteForeign(look, { key, type: page.toString() });
    yield* page;
    if (page.length < PAGE) return;
  }
}

function noteForeign({ foreignKeys }: BrokerLook, foreign: BrokerLook['foreignKeys'][number]): void {
  if (!foreignKeys.some(({ key }) => key === foreign.key)) foreignKeys.push(foreign);
}

function note(look: BrokerLook, message: BrokerMessage): void {
  look.messages++;
  if (message.kind === 'not-celery') look.foreign++;
  else if (message.kind === 'readable')
    for (const text of message.mentioned) look.named.note(Buffer.from(text), 1);
  else if (message.task === undefined || RUNS_TASKS.test(message.task)) look.opaque++;
}
