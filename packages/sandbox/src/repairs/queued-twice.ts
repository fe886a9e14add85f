import { BROKER_LIST, PRIMARY_QUEUE, RETRY_QUEUE, taskKey, UNACKED_HASH } from '../keys.js';
import type { SandboxClient } from '../redis-client.js';
import { taskIdOfMessage, taskIdOfTriple } from '../shapes/broker-shapes.js';

/** Where an id waits to be run. */
type Waits = Map<string, string[]>;

/**
 * Tasks that wait to be run more than once, or though they are not PENDING, as it is at one moment; right under traffic too.
 * A sentence each. Catches a needless put-back that would be taken away again before it is popped.
 */
export async function queuedTwice(client: SandboxClient): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const waits = await readWaits(client);
  for (const [id, positions] of waits) {
    if (positions.length > 1) found.set(id, `waits in ${positions.join(' and in ')} at once`);
  }
  const ids = [...waits.keys()].filter((id) => !found.has(id));
  const states = await Promise.all(ids.map((id) => client.hGet(taskKey(id), 'state')));
  const suspects = ids.filter((_, index) => states[index] !== null && states[index] !== 'PENDING');
  for (const id of suspects) {
    const state = await stateWhileWaiting(client, id);
    if (state !== undefined) found.set(id, `waits though it is ${state}`);
  }
  return found;
}

/** Both lists and the broker, in one `MULTI`. */
async function readWaits(client: SandboxClient): Promise<Waits> {
  const [primary, retry, messages, unacked] = (await client
    .multi()
    .lRange(PRIMARY_QUEUE, 0, -1)
    .lRange(RETRY_QUEUE, 0, -1)
    .lRange(BROKER_LIST, 0, -1)
    .hVals(UNACKED_HASH)
    .exec()) as unknown as [string[], string[], string[], string[]];
  const waits: Waits = new Map();
  const add = (place: string, ids: readonly (string | undefined)[]): void => {
    for (const id of ids) if (id !== undefined) waits.set(id, [...(waits.get(id) ?? []), place]);
  };
  add(PRIMARY_QUEUE, primary);
  add(RETRY_QUEUE, retry);
  add(BROKER_LIST, messages.map(taskIdOfMessage));
  add(UNACKED_HASH, unacked.map(taskIdOfTriple));
  return waits;
}

/** The state of a task that is not PENDING and in a list, at one moment; undefined where that was only so between two reads. */
async function stateWhileWaiting(client: SandboxClient, id: string): Promise<string | undefined> {
  const [state, ...at] = (await client
    .multi()
    .hGet(taskKey(id), 'state')
    .lPos(PRIMARY_QUEUE, id)
    .lPos(RETRY_QUEUE, id)
    .exec()) as unknown as [string | null, number | null, number | null];
  const waits = at.some((position) => position !== null);
  return waits && state !== null && state !== 'PENDING' ? state : undefined;
}
