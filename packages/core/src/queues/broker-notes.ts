import { CompactKeyMap } from '../counting/compact-key-map.js';
import type { BrokerMessage } from '../model/broker-messages.js';
import { keyName } from '../model/key-name.js';
import { BROKER_QUEUE_KEY } from '../model/keys.js';
import { type BrokerKeys, bytesOf } from './broker-keys.js';
import type { WrongTypeKey } from './queue-keys.js';

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

/** What is counted. */
export const COUNTS = { messages: 0, ours: 0, others: 0, unreadable: 0, nonCelery: 0 };

/** A snapshot before the first message. */
export function emptySnapshot(keys: BrokerKeys): BrokerSnapshot {
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

/** Notes what may be in the broker twice. */
export function noteRepeated(
  { tags, perhapsRepeated }: BrokerSnapshot,
  message: BrokerMessage,
  bytes: Buffer,
): void {
  if (!('owner' in message) || message.owner !== 'ours' || message.tag === undefined) return;
  if (tags.note(Buffer.from(message.tag), 1) === 0 || perhapsRepeated.size >= MAX_REPEATED) return;
  perhapsRepeated.set(message.tag, Buffer.from(bytes));
}

/** Notes a key whose messages are not known. */
export function noteWrongType({ wrongTypeKeys }: BrokerSnapshot, key: string, type: string): void {
  const name = keyName(bytesOf(key));
  if (!wrongTypeKeys.some((known) => known.key === name)) wrongTypeKeys.push({ key: name, type });
}

/** Notes a message that a worker has taken; `takenAt` is null if no index lists it. */
export function noteTaken(
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

/** Notes a message, and what it says about the broker. */
export function note(snapshot: BrokerSnapshot, message: BrokerMessage, isInCelery: boolean): void {
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
