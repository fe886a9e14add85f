import { type Deps, openBroker, type Work } from '@atf/core';
import { REPORTED_KINDS } from './kinds.js';
import { type OwnOptions, settingsOf } from './options.js';
import { serverClock } from './read/server-clock.js';
import { type Repairs, repairFindings } from './repair/repair-findings.js';
import { resultOf } from './report/result.js';
import type { FixStuckTasksResult } from './schema.js';
import { search } from './search.js';

export interface FixStuckTasksOptions extends OwnOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
  /** What ages are computed by. Default: the clock of Redis. */
  clock?: () => Date;
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
  { now: _, ...others }: Deps,
  { dryRun, clock, ...options }: FixStuckTasksOptions,
): Promise<Work<FixStuckTasksResult>> {
  const deps: Deps = { ...others, now: clock ?? (await serverClock(others)) };
  const settings = settingsOf(options);
  const broker = await openBroker(deps, { url: settings.brokerUrl, name: 'atf:fix-stuck-tasks' });
  try {
    const found = await search(deps, broker, settings);
    const repairable = found.findings.filter(({ repair }) => repair !== null);
    const chosen = repairable.slice(0, settings.limit);
    const writes = !dryRun && chosen.length > 0;
    const repairs = writes
      ? await repairFindings(deps, chosen, { ...found, ...settings, broker })
      : undefined;
    const result = resultOf(found, { chosen: new Set(chosen), repairs, broker: broker.target, settings });
    const isPart = found.wrongType.length > 0 || found.findings.some(({ obstacle }) => obstacle !== null);
    const isReported = found.findings.some(({ kind }) => REPORTED_KINDS.includes(kind));
    return {
      outcome: outcomeOf({ isRepairable: repairable.length > 0, isPart, isReported, dryRun }, repairs),
      result,
    };
  } finally {
    broker.close();
  }
}

interface Ending {
  isRepairable: boolean;
  /** Something keeps a finding from repair, or may hide some. */
  isPart: boolean;
  /** Something is wrong that only the operator can repair. */
  isReported: boolean;
  dryRun: boolean;
}

/** What is left for lack of a higher --limit or an --include was not requested. */
function outcomeOf(
  { isRepairable, isPart, isReported, dryRun }: Ending,
  repairs: Repairs | undefined,
): Work<FixStuckTasksResult>['outcome'] {
  if (!isRepairable && !isPart) return isReported ? 'found' : 'clean';
  if (dryRun || (isRepairable && !repairs)) return 'found';
  if (repairs?.stopped) return 'stopped';
  return isPart || [...(repairs?.outcomes.values() ?? [])].includes('changed') ? 'partial' : 'repaired';
}
