import {
  boundQueues,
  type Deps,
  loadReadingScript,
  readQueuedMessage,
  readUnackedMessage,
  runScript,
} from '@atf/core';
import type { SharedFacts, SharedKey } from './plan-shared.js';

const MESSAGES_PAGE = loadReadingScript(import.meta.url, './messages-page.lua');
const SET_MEMBERS = loadReadingScript(import.meta.url, './set-members.lua');

/** Messages in one call: they may be large. */
const PAGE = 100;

/** A message of a shared key: how a script names it, and whose it is. */
export interface SharedMessage {
  /** The entry of a list, or the field of a hash. */
  id: Buffer;
  owner: Owner;
}

/** `neutral`: a task of Celery's own, or a message without a task, such as a reply. It may be anybody's. */
export type Owner = 'ours' | 'others' | 'neutral';

/** Reads what the keys hold that other programs may use. Cost: a call for 100 messages, and one for each binding. */
export async function readShared(deps: Deps, keys: readonly SharedKey[]): Promise<SharedFacts[]> {
  const facts: SharedFacts[] = [];
  for (const sharedKey of keys) {
    const found: SharedFacts = { ...sharedKey, ours: 0, others: 0, neutral: 0, queues: [] };
    if (holdsMessages(sharedKey)) {
      for (let at = START; at !== undefined; ) {
        const page = await readMessages(deps, sharedKey, at);
        for (const { owner } of page.messages) found[owner]++;
        at = page.next;
      }
    }
    if (sharedKey.kind === 'broker-binding') found.queues = await queuesIn(deps, sharedKey.key);
    facts.push(found);
  }
  return facts;
}

/** True for queues, and for the messages that workers have taken. */
export function holdsMessages({ kind }: Pick<SharedKey, 'kind'>): boolean {
  return kind === 'broker-queue' || kind === 'broker-priority-queue' || kind === 'broker-unacked';
}

/** Where the next page starts: an index from the tail of a list, or a cursor of a hash. */
export type At = string | undefined;
export const START: At = '0';

/** Reads a page of messages: a list from its tail, where the oldest are. Cost: one call. */
export async function readMessages(
  { target, signal }: Pick<Deps, 'target' | 'signal'>,
  { key, kind }: SharedKey,
  at: string,
): Promise<{ messages: SharedMessage[]; next: At }> {
  signal.throwIfAborted();
  const isUnacked = kind === 'broker-unacked';
  const [next, ids, texts] = await runScript<[Buffer, Buffer[], Buffer[]]>(target.client, MESSAGES_PAGE, {
    keys: [key],
    args: [at, String(PAGE)],
  });
  const messages = ids.map((id, i) => {
    const text = (isUnacked ? texts[i]! : id).toString();
    return { id, owner: ownerOf(isUnacked ? readUnackedMessage(text) : readQueuedMessage(text)) };
  });
  return { messages, next: next.toString() === '0' ? undefined : next.toString() };
}

function ownerOf(message: ReturnType<typeof readQueuedMessage>): Owner {
  if (!('owner' in message)) return 'others';
  const { owner, kind } = message;
  if (owner === 'ours') return owner;
  // A message that cannot be read may be anybody's work, and is kept.
  return owner === 'other' || (owner === 'none' && kind === 'opaque') ? 'others' : 'neutral';
}

/** The queues that a binding names. */
async function queuesIn({ target }: Deps, key: Buffer): Promise<string[]> {
  const members = await runScript<Buffer[]>(target.client, SET_MEMBERS, { keys: [key] });
  return boundQueues(members.map((member) => member.toString('latin1'))).map(({ queue }) => queue);
}
