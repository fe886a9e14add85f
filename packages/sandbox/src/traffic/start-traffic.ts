import { assembleCrew } from './assemble-crew.js';
import type { Traffic, TrafficOptions } from './traffic-options.js';

/**
 * Starts writers that make the real transitions on whatever the database holds: tasks seeded before are taken from the
 * queues and the broker, finished, retried and deleted, new ones created, as many as were deleted (give or take a hundred).
 *
 * Each state is read before its `MULTI`, as in reality, but a task belongs to one writer at a time, so none of the real
 * system's races arises: with this traffic alone, counters minus tasks stays what it was. An id without a hash, or of a task
 * that is not PENDING, is dropped when it is popped (see `strict`). Unthrottled, 8 writers make some thousand transitions a
 * second in the caller's process; what else runs in its event loop slows them and is slowed by them.
 */
export async function startTraffic(url: string, options: TrafficOptions): Promise<Traffic> {
  const { crew, writers, close } = await assembleCrew(url, options);
  const { counts } = crew.parts;
  const { takeOver = [] } = options;
  await Promise.all(takeOver.map((id, index) => writers[index % writers.length]?.worker.takeOver(id)));
  const working = writers.map((writer) => writer.work().catch((error) => counts.addError(error)));
  const end = async (): Promise<void> => {
    await Promise.all(working);
    counts.end();
    await close();
  };
  let ended: Promise<void> | undefined;
  return {
    stats: () => counts.stats(),
    stop: async () => {
      crew.stopping = true;
      ended ??= end();
      await ended;
      return counts.stats();
    },
  };
}
