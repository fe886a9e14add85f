import {
  type CounterRow,
  counterResult,
  type Deps,
  hasNoCounters,
  isDrifted,
  reconcileCounters,
  type Work,
} from '@atf/core';
import type { InitializeCountersResult } from './schema.js';

export interface InitializeCountersOptions {
  /** True: decide and report, but write nothing. */
  dryRun: boolean;
}

/**
 * Creates the six state counters from the tasks, also for states without tasks, and corrects existing counters. It is
 * exact while workers go on, and a further snapshot verifies it. If some counters exist and a missing one has no tasks, all
 * is well: fix-counter-sync says the same. Tasks without a known state are in no counter and are reported separately.
 *
 * Cost: one call for some hundreds of keys of the database, and a few more.
 * @throws AtfError `UNSTABLE` if there is no exact answer, then nothing was written; and the errors of Redis
 */
export async function initializeCounters(
  deps: Deps,
  { dryRun }: InitializeCountersOptions,
): Promise<Work<InitializeCountersResult>> {
  const reconciliation = await reconcileCounters(deps, {
    tool: 'initialize-counters',
    write: !dryRun,
    wrongRows,
  });
  const { outcome, wrong, written } = reconciliation;
  const missing = wrong.filter(isMissing).length;
  return {
    outcome,
    result: {
      ...counterResult(reconciliation),
      missing,
      wrong: wrong.length - missing,
      written: written.length,
    },
  };
}

const isMissing = ({ old }: CounterRow) => old.kind === 'missing';

function wrongRows(rows: readonly CounterRow[]): CounterRow[] {
  if (!hasNoCounters(rows) && !rows.some(isDrifted)) return [];
  return rows.filter((row) => isDrifted(row) || isMissing(row));
}
