import type { Deps } from '../deps.js';
import type { Redis } from '../redis/client.js';
import { closeTarget, connectTarget } from '../redis/connect.js';
import { readDataVersion } from '../redis/data-version.js';
import { failureOf } from '../redis/failure.js';
import type { Target } from '../redis/target.js';
import { type DiscoveredKeys, discoverKeys } from './broker-keys.js';
import type { BrokerSnapshot } from './broker-notes.js';
import { readBroker, updateBroker } from './broker-snapshot.js';

/** Where the broker's messages are. */
export interface Broker {
  target: Target;
  /** True if its URL was given, so that it is ours. */
  isNamed: boolean;
  /** `discovered` is what a walk over the keys beside the tasks has found. Undefined if there is no broker. */
  read(discovered: DiscoveredKeys): Promise<BrokerSnapshot | undefined>;
  update(snapshot: BrokerSnapshot): Promise<BrokerSnapshot>;
  /** See {@link readDataVersion}. */
  dataVersion(): Promise<string | undefined>;
  close(): void;
}

/** Opens the broker of the URL, or the one beside the tasks if there is no URL. Close it when done. Cost: with a URL a connection. */
export async function openBroker(
  deps: Deps,
  { url, name }: { url: string | undefined; name: string },
): Promise<Broker> {
  const isNamed = url !== undefined;
  const target = isNamed
    ? await connectTarget(url, {
        name,
        signal: deps.signal,
        flag: '--broker-url',
        // A message that a replica has not received yet would look lost, and its task would run twice.
        primaryOnly: true,
        sentinelLogin: deps.sentinelLogin,
      })
    : deps.target;
  // An error of the broker names the broker.
  const guarded = <T>(work: (client: Redis) => Promise<T>) =>
    work(target.client).catch((error: unknown) => {
      throw failureOf(error, target);
    });
  return {
    target,
    isNamed,
    read: (discovered) =>
      guarded(async (client) =>
        readBroker(deps, client, isNamed ? await discoverKeys(deps, client) : discovered),
      ),
    update: (snapshot) => guarded((client) => updateBroker(deps, client, snapshot)),
    dataVersion: () => guarded(readDataVersion),
    close: isNamed ? closeBoth(deps.target.client, target) : () => {},
  };
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
