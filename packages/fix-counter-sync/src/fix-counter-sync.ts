import { counterResult, type Deps, hasNoCounters, isDrifted, reconcileCounters, type Work } from '@atf/core';
import type { FixCounterSyncResult } from './schema.js';

export interface FixCounterSyncOptions {
  /** True: decide and report, but write nothing. */
  dryRun: boolean;
}

/**
 * Compares the six state counters with the tasks at one moment, and repairs the counters that differ. It is exact while
 * workers go on. Tasks without a known state are in no counter and are reported separately. A missing counter of a state
 * without tasks is right and is not created. If no counter exists, AsyncTaskFlow is taken to keep none, and none is created.
 *
 * Cost: one call for some hundreds of keys of the database, and a few more.
 * @throws AtfError `UNSTABLE` if there is no exact answer, then nothing was written; and the errors of Redis
 */
export async function fixCounterSync(
  deps: Deps,
  { dryRun }: FixCounterSyncOptions,
): Promise<Work<FixCounterSyncResult>> {
  const reconciliation = await reconcileCounters(deps, {
    tool: 'fix-counter-sync',
    write: !dryRun,
    wrongRows: (rows) => (hasNoCounters(rows) ? [] : rows.filter(isDrifted)),
  });
  const { outcome, rows, wrong, written } = reconciliation;
  return {
    outcome,
    result: {
      ...counterResult(reconciliation),
      keepsCounters: !hasNoCounters(rows),
      discrepancies: wrong.length,
      fixed: written.length,
    },
  };
}
