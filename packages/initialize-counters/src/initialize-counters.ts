import {
  type CounterRow,
  counterResult,
  type Deps,
  isDrifted,
  outcomeOfReconciliation,
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
 * exact while workers go on, and a further look verifies it. Tasks without a known state are in no counter and are
 * reported separately.
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
    isWrong: (row) => isDrifted(row) || isMissing(row),
  });
  const { result, written } = counterResult(reconciliation);
  const missing = reconciliation.wrong.filter(isMissing).length;
  return {
    outcome: outcomeOfReconciliation(reconciliation),
    result: { ...result, missing, wrong: reconciliation.wrong.length - missing, written },
  };
}

const isMissing = ({ old }: CounterRow) => old.kind === 'missing';
