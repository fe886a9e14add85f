import {
  type Deps,
  isDrifted,
  isWrongType,
  outcomeOfReconciliation,
  type ReportedCounter,
  type ReportedOddKeys,
  reconcileCounters,
  reportedCounter,
  reportedOddKeys,
  tasksInCounts,
  type Work,
} from '@atf/core';

export interface FixCounterSyncOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
}

/** What was found, and what was done about it. */
export interface FixCounterSyncResult {
  /** Task hashes, those without a known state included. */
  totalTasks: number;
  counters: ReportedCounter[];
  /** How many counters are wrong. */
  discrepancies: number;
  /** How many of them were written. */
  fixed: number;
  /** True where the last exact look found nothing left to repair. */
  verified: boolean;
  oddKeys: ReportedOddKeys;
}

/**
 * Compares the six state counters with the tasks, at one moment, and repairs those that differ. Exact while workers go
 * on. Tasks without a known state are in no counter and are reported apart. A missing counter of a state without tasks
 * is right, and is not created.
 *
 * Cost: one call for 500 keys of the database, and a few more.
 * @throws AtfError `UNSTABLE` where no exact answer can be had, nothing written; and what Redis refuses
 */
export async function fixCounterSync(
  deps: Deps,
  { dryRun }: FixCounterSyncOptions,
): Promise<Work<FixCounterSyncResult>> {
  const reconciliation = await reconcileCounters(deps, {
    tool: 'fix-counter-sync',
    write: !dryRun,
    isWrong: isDrifted,
  });
  const { snapshot, rows, wrong, written, verified } = reconciliation;
  return {
    outcome: outcomeOfReconciliation(reconciliation),
    result: {
      totalTasks: tasksInCounts(snapshot.counts),
      counters: rows.map(reportedCounter),
      discrepancies: wrong.length,
      fixed: written ? wrong.filter((row) => !isWrongType(row)).length : 0,
      verified: verified || wrong.length === 0,
      oddKeys: reportedOddKeys(snapshot.counts, snapshot.oddKeys),
    },
  };
}
