import type { Deps } from '../deps.js';
import { boundQueues } from '../model/broker-bindings.js';
import { keyName } from '../model/key-name.js';
import { BROKER_QUEUE_KEY, BROKER_UNACKED_KEY, heartbeatKey } from '../model/keys.js';
import type { Redis } from '../redis/client.js';
import { scanPages } from '../redis/scan-pages.js';
import { type Argument, loadReadingScript, runScript } from '../redis/script.js';
import type { WrongTypeKey } from './queue-keys.js';

const DISCOVER_KEYS = loadReadingScript(import.meta.url, './discover-keys.lua');
const BINDING_MEMBERS = loadReadingScript(import.meta.url, './binding-members.lua');
const KEY_TYPES = loadReadingScript(import.meta.url, './key-types.lua');

/** Keys of any name that one page looks at. */
const PAGE = 500;
const TYPES_PAGE = 500;
const BINDING = '_kombu.binding.';
/** The priorities of kombu's `priority_steps`; 0 has no suffix. Others are found by what their lists hold. */
const PRIORITIES = '123456789';
/** Exchanges and queues of commands to workers, their replies, and events: no worker takes a task from them. */
const CONTROL = /(^|\.)celery\.pidbox$|(^|\W)celeryev($|\.)/;

/** What a walk over the keys of a database finds. All names are latin1 text, because keys are bytes. */
export interface DiscoveredKeys {
  bindings: string[];
  /** Lists that hold messages of Celery. */
  lists: string[];
  /** Hashes of messages that workers have taken. */
  unacked: string[];
  /** Ids of the workers and consumers that send heartbeats. */
  heartbeats: string[];
}

/** The keys of Celery's broker, as latin1 text. */
export interface BrokerKeys {
  /** Every list that holds messages of tasks, or may come to hold some. */
  queues: string[];
  /** Those of them that belong to a queue named `celery`. */
  celeryQueues: ReadonlySet<string>;
  unacked: string[];
  bindings: string[];
  /** What stands before the names of all these keys: kombu's `global_keyprefix`, or nothing. */
  prefixes: string[];
  /** True if a binding names the queue `celery`. */
  isCeleryBound: boolean;
  wrongType: WrongTypeKey[];
}

/** What `note-key.lua` has found in a page: bindings, lists, hashes of taken messages, heartbeats. */
export type NotedKeys = [Buffer[], Buffer[], Buffer[], Buffer[]];

/** Collects what the pages of a walk have found. A key may come twice. */
export class KeyDiscovery {
  readonly #found = [0, 1, 2, 3].map(() => new Set<string>());

  note(page: NotedKeys): void {
    for (const [i, keys] of page.entries()) {
      for (const key of keys) this.#found[i]!.add(key.toString('latin1'));
    }
  }

  get keys(): DiscoveredKeys {
    const [bindings, lists, unacked, heartbeats] = this.#found.map((keys) => [...keys]) as Lists;
    return {
      bindings,
      lists,
      unacked,
      heartbeats: heartbeats.map((key) => key.slice(heartbeatKey('').length)),
    };
  }
}

type Lists = [string[], string[], string[], string[]];

/**
 * Walks over all keys of a database for those of Celery's broker, whatever its prefix, and for heartbeats. Cost: a call for 500
 * keys of any name; one command more for each key that is no task, copy or result.
 */
export async function discoverKeys(
  { signal, pace }: Pick<Deps, 'signal' | 'pace'>,
  client: Redis,
): Promise<DiscoveredKeys> {
  const discovery = new KeyDiscovery();
  const pages = scanPages<[NotedKeys]>(client, DISCOVER_KEYS, { count: PAGE, pace, signal });
  for await (const [page] of pages) discovery.note(page);
  return discovery.keys;
}

/** Names the keys of the broker, given what a walk has found. Cost: one call for each binding. */
export async function brokerKeysOf(client: Redis, discovered: DiscoveredKeys): Promise<BrokerKeys> {
  const { bindings, lists, unacked } = discovered;
  const keys = { wrongType: [] as WrongTypeKey[], isCeleryBound: false };
  const celeryQueues = new Set(withPriorities(BROKER_QUEUE_KEY, SEPARATOR));
  const queues = new Set(celeryQueues);
  const prefixes = new Set(['']);
  for (const binding of bindings) {
    const start = binding.indexOf(BINDING);
    const [prefix, exchange] = [binding.slice(0, start), binding.slice(start + BINDING.length)];
    prefixes.add(prefix);
    if (CONTROL.test(exchange)) continue;
    const members = await runScript<Buffer | Buffer[]>(client, BINDING_MEMBERS, { keys: [bytesOf(binding)] });
    if (!Array.isArray(members)) {
      keys.wrongType.push({ key: keyName(bytesOf(binding)), type: members.toString() });
      continue;
    }
    for (const { queue, separator, isSure } of boundQueues(
      members.map((member) => member.toString('latin1')),
    )) {
      const isCelery = queue === BROKER_QUEUE_KEY;
      keys.isCeleryBound ||= isCelery || (!isSure && exchange === BROKER_QUEUE_KEY);
      for (const key of withPriorities(prefix + queue, separator)) {
        queues.add(key);
        if (isCelery) celeryQueues.add(key);
      }
    }
  }
  for (const key of lists) if (!CONTROL.test(key)) queues.add(key);
  return {
    ...keys,
    queues: [...queues],
    celeryQueues,
    unacked: [...new Set([...Array.from(prefixes, (prefix) => prefix + BROKER_UNACKED_KEY), ...unacked])],
    bindings,
    prefixes: [...prefixes],
  };
}

const SEPARATOR = '\x06\x16';

function withPriorities(queue: string, separator: string): string[] {
  return [queue, ...Array.from(PRIORITIES, (priority) => queue + separator + priority)];
}

/** The type of each key; `none` for one that does not exist. Cost: a call for 500. */
export async function typesOf(client: Redis, keys: readonly string[]): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  for (let from = 0; from < keys.length; from += TYPES_PAGE) {
    const page = keys.slice(from, from + TYPES_PAGE);
    const replies = await runScript<Buffer[]>(client, KEY_TYPES, { keys: page.map(bytesOf) });
    for (const [i, key] of page.entries()) types.set(key, replies[i]!.toString());
  }
  return types;
}

/** The bytes of a name that is kept as latin1 text. */
export const bytesOf = (name: string): Argument & Buffer => Buffer.from(name, 'latin1');
