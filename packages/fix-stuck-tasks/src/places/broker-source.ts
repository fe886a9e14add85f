import {
  BROKER_QUEUE_KEY,
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
import { BROKER_LISTS, type BrokerLook, catchUpBroker, readBroker } from './read-broker.js';

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
  ...BROKER_LISTS,
  BROKER_UNACKED_KEY,
  BROKER_UNACKED_INDEX_KEY,
  BROKER_UNACKED_MUTEX_KEY,
  `_kombu.binding.${BROKER_QUEUE_KEY}`,
  `_kombu.binding.${BROKER_QUEUE_KEY}.pidbox`,
];

/**
 * Opens the broker: that of the URL, else the one that has left traces beside the tasks. Close it when done.
 * Cost: a connection or one call.
 */
export async function openBroker(deps: Deps, url: string | undefined): Promise<BrokerSource> {
  if (url !== undefined) {
    const target = await connectTarget(url, { name: 'atf:fix-stuck-tasks', signal: deps.signal });
    return sourceOf(deps, target, () => closeTarget(target));
  }
  const traces = await runScript<number>(deps.target.primaries[0], COUNT_TRACES, { keys: TRACES });
  return traces > 0 ? sourceOf(deps, deps.target, () => {}) : NO_BROKER;
}

const NO_BROKER: BrokerSource = {
  target: null,
  read: async () => undefined,
  catchUp: async (look) => look,
  close: () => {},
};

/** An error of the broker names the broker. */
function sourceOf(deps: Deps, target: Target, close: () => void): BrokerSource {
  const guarded = <T>(work: (client: Redis) => Promise<T>) =>
    work(target.primaries[0]).catch((error: unknown) => {
      throw failureOf(error, target);
    });
  return {
    target,
    read: () => guarded((client) => readBroker(deps, client)),
    catchUp: (look) => guarded((client) => catchUpBroker(deps, client, look)),
    close,
  };
}
