import type { Deps } from '../deps.js';
import {
  BROKER_QUEUE_KEY,
  BROKER_QUEUE_KEYS,
  BROKER_UNACKED_INDEX_KEY,
  BROKER_UNACKED_KEY,
  BROKER_UNACKED_MUTEX_KEY,
} from '../model/keys.js';
import type { Redis } from '../redis/client.js';
import { closeTarget, connectTarget } from '../redis/connect.js';
import { failureOf } from '../redis/failure.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import type { Target } from '../redis/target.js';
import { type BrokerSnapshot, readBroker, updateBroker } from './broker-snapshot.js';

const COUNT_EXISTING = loadReadingScript(import.meta.url, './count-existing.lua');

/** Where the broker's messages are. */
export interface Broker {
  /** Null if no broker was found. */
  target: Target | null;
  read(): Promise<BrokerSnapshot | undefined>;
  update(snapshot: BrokerSnapshot): Promise<BrokerSnapshot>;
  close(): void;
}

/** Where to look for the broker. */
export interface BrokerAddress {
  /** Undefined: beside the tasks. */
  url: string | undefined;
  /** The client's name. */
  name: string;
}

const BROKER_KEYS = [
  ...BROKER_QUEUE_KEYS,
  BROKER_UNACKED_KEY,
  BROKER_UNACKED_INDEX_KEY,
  BROKER_UNACKED_MUTEX_KEY,
  `_kombu.binding.${BROKER_QUEUE_KEY}`,
  `_kombu.binding.${BROKER_QUEUE_KEY}.pidbox`,
];

/**
 * Opens the broker of the URL, or the one beside the tasks, if it has left a key. Without any key there is no broker: a
 * wrong URL would look like a broker without messages, and everything that was sent would seem lost. Close it when done.
 * Cost: one call, and with a URL a connection.
 */
export async function openBroker(deps: Deps, { url, name }: BrokerAddress): Promise<Broker> {
  const target =
    url === undefined
      ? deps.target
      : await connectTarget(url, { name, signal: deps.signal, flag: '--broker-url' });
  const close = target === deps.target ? () => {} : closeBoth(deps.target.client, target);
  // An error of the broker names the broker.
  const guarded = <T>(work: (client: Redis) => Promise<T>) =>
    work(target.client).catch((error: unknown) => {
      throw failureOf(error, target);
    });
  const found = await guarded((client) =>
    runScript<number>(client, COUNT_EXISTING, { keys: BROKER_KEYS }),
  ).catch((error: unknown) => {
    close();
    throw error;
  });
  if (found > 0) {
    return {
      target,
      read: () => guarded((client) => readBroker(deps, client)),
      update: (snapshot) => guarded((client) => updateBroker(deps, client, snapshot)),
      close,
    };
  }
  close();
  return { target: null, read: async () => undefined, update: async (snapshot) => snapshot, close: () => {} };
}

/** Whoever cuts off the tasks' connection means the broker's too. Returns how to close the latter. */
function closeBoth(tasks: Redis, broker: Target): () => void {
  const cutOff = () => closeTarget(broker);
  tasks.once('end', cutOff);
  return () => {
    tasks.off('end', cutOff);
    cutOff();
  };
}
