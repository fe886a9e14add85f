import { type Deps, openBroker, serverClock, type Work } from '@atf/core';
import type { Wait } from './confirm-findings.js';
import { type OwnOptions, settingsOf } from './options.js';
import { repairFindings } from './repair/repair-findings.js';
import { workOf } from './report/result.js';
import type { FixStuckTasksResult } from './schema.js';
import { search } from './search.js';

export interface FixStuckTasksOptions extends OwnOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
  /** The clock that ages are computed by. Default: the clock of Redis. */
  clock?: () => Date;
  /** Waits between two snapshots of the queues. Default: with a timer. */
  wait?: Wait;
}

/**
 * Finds tasks that are stuck, orphaned or overdue, and wrong entries of queues, and repairs them. A task that may still run is
 * left alone, because it would be done and paid for twice. Each repair is one atomic step. It first re-checks its evidence. Then
 * it writes the hash, the queue, the histories, the state counters and the dashboard's message as AsyncTaskFlow does. If any of
 * the six counters exists, it creates a missing counter of the new state.
 *
 * Cost: that of counting all tasks, and of reading queues and broker once. If ids seem to be in no queue, the run waits for two
 * seconds. If anybody has written by then, queues and broker are read twice. One call for 50 repairs.
 * @throws AtfError `LOCKED` if another tool is at work; `UNSTABLE` if a queue changes too fast to be read; what Redis refuses
 */
export async function fixStuckTasks(
  deps: Deps,
  { dryRun, clock, wait, ...options }: FixStuckTasksOptions,
): Promise<Work<FixStuckTasksResult>> {
  const now = clock ?? (await serverClock(deps));
  const settings = settingsOf(options);
  const broker = await openBroker(deps, { url: settings.brokerUrl, name: 'atf:fix-stuck-tasks' });
  try {
    const found = await search({ ...deps, now }, { broker, wait }, settings);
    const chosen = found.findings.filter(({ repair }) => repair !== null).slice(0, settings.limit);
    const writes = !dryRun && chosen.length > 0;
    const repairs = writes
      ? await repairFindings({ ...deps, now }, chosen, { ...found, ...settings, broker })
      : undefined;
    return workOf(found, { chosen, repairs, broker: broker.target, settings, dryRun });
  } finally {
    broker.close();
  }
}
