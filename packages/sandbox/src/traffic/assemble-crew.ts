import { createRandom } from '../random.js';
import { connectClient } from '../redis-client.js';
import { Claims } from './claims.js';
import { Crew } from './crew.js';
import { ExistingTasks } from './existing-tasks.js';
import { Pacer } from './pacer.js';
import { TaskStore } from './task-store.js';
import { TrafficCounts } from './traffic-counts.js';
import type { TrafficOptions } from './traffic-options.js';
import { REAL_CLOCK } from './work-clock.js';
import { Writer } from './writer.js';

/** Connected writers, what they share, and how to close their connections. */
export interface AssembledCrew {
  crew: Crew;
  writers: Writer[];
  /** Waits for the last message to the dashboard of each. */
  close(): Promise<void>;
}

/** Connects as many writers as the options ask for; none of them works yet. */
export async function assembleCrew(url: string, options: TrafficOptions): Promise<AssembledCrew> {
  const clients = await Promise.all(Array.from({ length: options.writers + 1 }, () => connectClient(url)));
  const [scanner, ...connections] = clients as [(typeof clients)[number], ...typeof clients];
  const counts = new TrafficCounts();
  const { clock = REAL_CLOCK, counters = true } = options;
  const crew = new Crew({
    claims: new Claims(),
    existing: new ExistingTasks(scanner),
    pacer: new Pacer(options.ratePerSecond, () => counts.total),
    counts,
    clock,
    options,
  });
  const done: TaskStore['options']['done'] = (transition) => {
    counts.add(transition);
    options.onTransition?.(transition);
  };
  const stores = connections.map((client) => new TaskStore(client, { counters, clock, done }));
  const seeds = createRandom(options.seed);
  const writers = stores.map((store) => new Writer(store, createRandom(seeds.int(2 ** 32)), crew));
  const close = async (): Promise<void> => {
    await Promise.all(stores.map((store) => store.close()));
    if (scanner.isOpen) scanner.destroy();
  };
  return { crew, writers, close };
}
