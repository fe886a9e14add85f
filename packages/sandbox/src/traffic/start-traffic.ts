import { createRandom } from '../random.js';
import { connectClient } from '../redis-client.js';
import { Claims } from './claims.js';
import { ExistingTasks } from './existing-tasks.js';
import { Pacer } from './pacer.js';
import { Tally } from './tally.js';
import { TaskStore } from './task-store.js';
import type { Traffic, TrafficOptions } from './traffic-options.js';
import { type Crew, Writer } from './writer.js';

/**
 * Starts writers that make the real transitions on whatever the database holds: tasks seeded before are taken from the
 * queues and the broker, finished, retried and deleted, new ones created, as many as were deleted (give or take a hundred).
 *
 * Each state is read before its `MULTI`, as in reality, but a task belongs to one writer at a time, so none of the real
 * system's races arises: with this traffic alone, counters minus tasks stays what it was. An id without a hash, or of a task
 * that is not PENDING, is dropped when it is popped. Unthrottled, 8 writers make some thousand transitions a second in the
 * caller's process; what else runs in its event loop slows them and is slowed by them.
 */
export async function startTraffic(url: string, options: TrafficOptions): Promise<Traffic> {
  const clients = await Promise.all(Array.from({ length: options.writers + 1 }, () => connectClient(url)));
  const [scanner, ...connections] = clients as [(typeof clients)[number], ...typeof clients];
  const tally = new Tally();
  const crew: Crew = {
    claims: new Claims(),
    existing: new ExistingTasks(scanner),
    pacer: new Pacer(options.ratePerSecond, () => tally.total),
    tally,
    options,
    stopping: false,
  };
  const stores = connections.map(
    (client) =>
      new TaskStore(client, {
        counters: options.counters ?? true,
        done: (transition) => {
          tally.add(transition);
          options.onTransition?.(transition);
        },
      }),
  );
  const seeds = createRandom(options.seed);
  const working = stores.map((store) =>
    new Writer(store, createRandom(seeds.int(2 ** 32)), crew).work().catch((error) => tally.addError(error)),
  );
  const end = async (): Promise<void> => {
    await Promise.all(working);
    tally.end();
    await Promise.all(stores.map((store) => store.close()));
    if (scanner.isOpen) scanner.destroy();
  };
  let ended: Promise<void> | undefined;
  return {
    stats: () => tally.stats(),
    stop: async () => {
      crew.stopping = true;
      ended ??= end();
      await ended;
      return tally.stats();
    },
  };
}
