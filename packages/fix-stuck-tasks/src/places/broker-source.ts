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

const TRACES = [
  ...BROKER_QUEUE_KEYS,
  BROKER_UNACKED_KEY,
  BROKER_UNACKED_INDEX_KEY,
  BROKER_UNACKED_MUTEX_KEY,
  `_kombu.binding.${BROKER_QUEUE_KEY}`,
  `_kombu.binding.${BROKER_QUEUE_KEY}.pidbox`,
];

/**
 * Opens the broker, that of the URL or else that beside the tasks, where it has left a trace. Without one there is none: a
 * wrong URL would look like a broker without messages, and by it all that was sent would seem lost. Close it when done.
 * Cost: one call, and with a URL a connection.
 */
export async function openBroker(deps: Deps, url: string | undefined): Promise<BrokerSource> {
  const source = url === undefined ? sourceOf(deps, deps.target, () => {}) : await connectBroker(deps, url);
  try {
    if ((await source.count(TRACES)) > 0) return source;
  } catch (error) {
    source.close();
    throw error;
  }
  source.close();
  return NO_BROKER;
}

async function connectBroker(deps: Deps, url: string): Promise<OpenSource> {
  const target = await connectTarget(url, {
    name: 'atf:fix-stuck-tasks',
    signal: deps.signal,
    flag: '--broker-url',
  });
  const { client: main } = deps.target;
  const cutOff = () => closeTarget(target);
  main.once('end', cutOff); // who cuts that one off means both
  return sourceOf(deps, target, () => {
    main.off('end', cutOff);
    cutOff();
  });
}

/** How many of the keys there are. */
function count({ client }: Target, keys: readonly string[]): Promise<number> {
  return runScript<number>(client, COUNT_TRACES, { keys });
}

const NO_BROKER: BrokerSource = {
  target: null,
  read: async () => undefined,
  catchUp: async (look) => look,
  close: () => {},
};

/** One that may turn out to be none. */
type OpenSource = BrokerSource & { count(keys: readonly string[]): Promise<number> };

/** An error of the broker names the broker. */
function sourceOf(deps: Deps, target: Target, close: () => void): OpenSource {
  const guarded = <T>(work: (client: Redis) => Promise<T>) =>
    work(target.client).catch((error: unknown) => {
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
