import { type Deps, openBroker, serverClock, type Work } from '@atf/core';
import { type OwnOptions, settingsOf } from './options.js';
import type { Wait } from './recheck.js';
import { repairFindings } from './repair/repair-findings.js';
import { workOf } from './report/result.js';
import type { FixStuckTasksResult } from './schema.js';
import { search } from './search.js';

export interface FixStuckTasksOptions extends OwnOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
  /** What ages are computed by. Default: the clock of Redis. */
  clock?: () => Date;
  /** How to wait between two snapshots of the queues. Default: really. */
  wait?: Wait;
}

/**
 * Finds tasks that are stuck, orphaned or overdue, and entries of queues that are wrong, and repairs them. What may still
 * run is left alone: a task that is put back while it runs is paid for and done twice. Each repair is one atomic step. It first
 * re-checks its evidence. Then it writes hash, queue, histories, the state counters and the dashboard's message as AsyncTaskFlow
 * does. If any of the six counters exists, a missing one of the new state is created.
 *
 * Cost: that of counting all tasks, and of reading queues and broker once. If ids seem to be in no queue, they are read twice,
 * with two seconds between. One call for 50 repairs.
 * @throws AtfError `LOCKED` if another tool is at work; `UNSTABLE` if a queue cannot be read; what Redis refuses
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
    const repairable = found.findings.filter(({ repair }) => repair !== null);
    const chosen = repairable.slice(0, settings.limit);
    const writes = !dryRun && chosen.length > 0;
    const repairs = writes
      ? await repairFindings({ ...deps, now }, chosen, { ...found, ...settings, broker })
      : undefined;
    return workOf(found, { chosen: new Set(chosen), repairs, broker: broker.target, settings, dryRun });
  } finally {
    broker.close();
  }
}
