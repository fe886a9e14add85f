import { BROKER_LIST, UNACKED_HASH, UNACKED_INDEX } from '../keys.js';
import type { SandboxClient } from '../redis-client.js';
import { taskIdOfTriple } from '../shapes/broker-shapes.js';
import { assembleCrew } from './assemble-crew.js';
import type { TrafficOptions } from './traffic-options.js';

/**
 * Lets workers run all that waits, without new tasks and without faults: what is unacknowledged is delivered again, what is
 * scheduled is due now, what fails is tried again at once. Afterwards each task that was in a queue or in the broker is in a
 * final state; what is in none is left as it is. About 2 ms a task.
 */
export async function drainTraffic(url: string, options: TrafficOptions): Promise<void> {
  const { crew, writers, close } = await assembleCrew(url, { ...options, retryMs: 0 });
  crew.stopping = true;
  try {
    await deliverAgain(crew.parts.existing.client);
    await Promise.all(writers.map((writer) => writer.drain()));
  } finally {
    await close();
  }
}

/**
 * What the broker does with messages that a dead worker left unacknowledged, an hour after they were taken. What names no
 * task stays.
 */
async function deliverAgain(client: SandboxClient): Promise<void> {
  const unacked = await client.hGetAll(UNACKED_HASH);
  for (const [tag, triple] of Object.entries(unacked)) {
    if (taskIdOfTriple(triple) === undefined) continue;
    const [message] = JSON.parse(triple) as [unknown];
    await client
      .multi()
      .zRem(UNACKED_INDEX, tag)
      .hDel(UNACKED_HASH, tag)
      .rPush(BROKER_LIST, JSON.stringify(message))
      .exec();
  }
}
