import { type Deps, openBroker, type Work } from '@atf/core';
import { clockSkew, refuseClockAhead } from './clock-skew.js';
import { type OwnOptions, settingsOf } from './options.js';
import { type Repairs, repairFindings } from './repair/repair-findings.js';
import { resultOf, wrongTypeKeysOf } from './report/result.js';
import type { FixStuckTasksResult } from './schema.js';
import { type SearchResult, search } from './search.js';

export interface FixStuckTasksOptions extends OwnOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
}

/**
 * Finds tasks that are stuck, orphaned or overdue, and entries of queues that are wrong, and repairs them. What may still
 * run is left alone: a task that is put back while it runs is paid for and done twice. Each repair is one atomic step that
 * first sees whether all is as it was judged, and writes hash, queue, histories, the state counters and the dashboard's
 * message as AsyncTaskFlow does: where any of the six counters exists, a missing one of the new state is created.
 *
 * Cost: that of counting all tasks, and of reading queues and broker once, twice where ids seem to be nowhere, with two
 * seconds between; one call for 50 repairs.
 * @throws AtfError `LOCKED` where another tool is at work; `GUARD` where this clock is too far ahead; `UNSTABLE` where a queue cannot be read; what Redis refuses
 */
export async function fixStuckTasks(
  deps: Deps,
  { dryRun, ...options }: FixStuckTasksOptions,
): Promise<Work<FixStuckTasksResult>> {
  const settings = settingsOf(options);
  const broker = await openBroker(deps, { url: settings.brokerUrl, name: 'atf:fix-stuck-tasks' });
  try {
    const skew = await clockSkew(deps);
    if (!dryRun) refuseClockAhead(skew, settings.maxClockAheadMs);
    const found = await search(deps, broker, settings);
    const repairable = found.findings.filter(({ repair }) => repair !== null);
    const chosen = repairable.slice(0, settings.limit);
    const repairs =
      dryRun || chosen.length === 0
        ? undefined
        : await repairFindings(deps, chosen, { ...found, ...settings, broker });
    const result = resultOf(found, {
      chosen: new Set(chosen),
      repairs,
      broker: broker.target,
      clockSkewSeconds: skew,
      only: settings.only,
    });
    return { outcome: outcomeOf(found, result, { dryRun, repairs }), result };
  } finally {
    broker.close();
  }
}

/**
 * What is left for lack of a higher --limit or of an --include was not asked for; what an obstacle keeps from repair was, and
 * so was what cannot be judged, and what a key of another type may hide.
 */
function outcomeOf(
  { findings }: SearchResult,
  result: FixStuckTasksResult,
  { dryRun, repairs }: { dryRun: boolean; repairs: Repairs | undefined },
): Work<FixStuckTasksResult>['outcome'] {
  const { obstructed, unjudged } = result;
  const isPart = obstructed + (unjudged?.tasks ?? 0) + wrongTypeKeysOf(result).length > 0;
  const isRepairable = findings.some(({ repair }) => repair !== null);
  if (!isRepairable && !isPart) return 'clean';
  if (dryRun || (isRepairable && !repairs)) return 'found';
  if (repairs?.stopped) return 'stopped';
  return isPart || [...(repairs?.outcomes.values() ?? [])].includes('changed') ? 'partial' : 'repaired';
}
