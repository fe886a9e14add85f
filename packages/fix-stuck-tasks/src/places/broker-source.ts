import {
  BROKER_QUEUE_KEY,
  BROKER_QUEUE_KEYS,
  BROKER_UNACKED_INDEX_KEY,
  BROKER_UNACKED_KEY,
  BROKER_UNACKED_MUTEX_KEY,
  closeTarget,
  connectTarget,
  type Deps,
  failureOf,
  loadReadingScript,
  type Redis,
  runScript,
  type Target,
} from '@atf/core';
import { type BrokerLook, catchUpBroker, readBroker } from './read-broker.js';

const COUNT_TRACES = loadReadingScript(import.meta.url, './count-traces.lua');

/** Where the broker's messages are. */
export interface BrokerSource {
  /** Null where no broker was found. */
  target: Target | null;
  read(): Promise<BrokerLook | undefined>;
  catchUp(look: BrokerLook): Promise<BrokerLook>;
  close(): void;
}

const HELD_MESSAGES = [...BROKER_QUEUE_KEYS, BROKER_UNACKED_KEY];
const TRACES = [
  ...HELD_MESSAGES,
  BROKER_UNACKED_INDEX_KEY,
  BROKER_UNACKED_MUTEX_KEY,
  `_kombu.binding.${BROKER_QUEUE_KEY}`,
  `_kombu.binding.${BROKER_QUEUE_KEY}.pidbox`,
];

/**
 * Opens the broker: that of the URL, else the one that has left traces beside the tasks. A URL that leads to no trace of a
 * broker, while messages lie beside the tasks, is taken for a wrong one: by it all that was sent would seem lost. Close it
 * when done. Cost: one call, and with a URL a connection and a call more.
 */
export async function openBroker(deps: Deps, url: string | undefined): Promise<BrokerSource> {
  if (url !== undefined) {
    const target = await connectTarget(url, {
      name: 'atf:fix-stuck-tasks',
      signal: deps.signal,
      flag: '--broker-url',
    });
    const [main] = deps.target.primaries;
    const cutOff = () => closeTarget(target);
    main.once('end', cutOff); // who cuts that one off means both
    const source = sourceOf(deps, target, () => {
      main.off('end', cutOff);
      cutOff();
    });
    try {
      // Who may not look beside the tasks knows best where the broker is.
      const beside = () => count(deps.target, HELD_MESSAGES).catch(() => 0);
      if ((await source.count(TRACES)) > 0 || (await beside()) === 0) return source;
    } catch (error) {
      source.close();
      throw error;
    }
    source.close();
    return NO_BROKER;
  }
  return (await count(deps.target, TRACES)) > 0 ? sourceOf(deps, deps.target, () => {}) : NO_BROKER;
}

/** How many of the keys there are. */
function count({ primaries: [client] }: Target, keys: readonly string[]): Promise<number> {
  return runScript<number>(client, COUNT_TRACES, { keys });
}

const NO_BROKER: BrokerSource = {
  target: null,
  read: async () => undefined,
  catchUp: async (look) => look,
  close: () => {},
};

/** An error of the broker names the broker. */
function sourceOf(
  deps: Deps,
  target: Target,
  close: () => void,
): BrokerSource & { count(keys: readonly string[]): Promise<number> } {
  const guarded = <T>(work: (client: Redis) => Promise<T>) =>
    work(target.primaries[0]).catch((error: unknown) => {
      throw failureOf(error, target);
    });
  return {
    target,
    count: (keys) => guarded(() => count(target, keys)),
    read: () => guarded((client) => readBroker(deps, client)),
    catchUp: (look) => guarded((client) => catchUpBroker(deps, client, look)),
    close,
  };
}
