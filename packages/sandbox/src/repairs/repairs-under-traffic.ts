import { planOf } from './conditions.js';
import type { Repair, RepairRun, RepairRunsOptions } from './repair-options.js';
import { repairRun } from './repair-run.js';

const DATABASES = 16;

/**
 * Sees whether a tool repairs a system that works meanwhile: no task runs twice through it, none stays stuck, the model is
 * true afterwards. Each run fills a database, starts traffic in which workers are killed, messages lost and schedulers down,
 * calls the tool a few times, stops the traffic, lets the tool repair at a clock past all time-outs and workers run what waits,
 * in turn, until there is nothing to repair, and checks everything. Empties the databases 0 to `parallel` - 1 of the server. A run takes about a
 * second and the tool's own time.
 * Where the tool throws, its lane ends, the others go on to the end, and then its error is thrown.
 * @param serverUrl a Redis that nobody else uses, with or without a database number
 */
export async function repairsUnderTraffic(
  serverUrl: string,
  repair: Repair,
  options: RepairRunsOptions,
): Promise<RepairRun[]> {
  const { runs, parallel = 12 } = options;
  if (!(parallel >= 1 && parallel <= DATABASES)) throw new RangeError('parallel must be from 1 to 16');
  const results: RepairRun[] = [];
  let next = 0;
  const workThrough = async (database: number): Promise<void> => {
    for (let run = next++; run < runs; run = next++) {
      results[run] = await repairRun(databaseUrl(serverUrl, database), repair, planOf(run, options));
    }
  };
  const lanes = Array.from({ length: Math.min(parallel, runs) }, (_, database) => workThrough(database));
  const ended = await Promise.allSettled(lanes);
  const failed = ended.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}

function databaseUrl(serverUrl: string, database: number): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
