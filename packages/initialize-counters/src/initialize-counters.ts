import {
  type CounterRow,
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

export interface InitializeCountersOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
}

/** What was found, and what was done about it. */
export interface InitializeCountersResult {
  /** Task hashes, those without a known state included. */
  totalTasks: number;
  /** The six counters: as they were, and as the tasks want them. */
  counters: ReportedCounter[];
  /** Counters that did not exist. */
  missing: number;
  /** Counters that existed and were wrong. */
  wrong: number;
  /** How many were written: created or set right. */
  written: number;
  /** True where the last exact look found nothing left to write: the counters equal the tasks. */
  verified: boolean;
  oddKeys: ReportedOddKeys;
}

/**
 * Creates the six state counters from the tasks, those of states without tasks included, and sets existing ones right.
 * Exact while workers go on, and verified by a further look. Tasks without a known state are in no counter and are
 * reported apart.
 *
 * Cost: one call for 500 keys of the database, and a few more.
 * @throws AtfError `UNSTABLE` where no exact answer can be had, nothing written; and what Redis refuses
 */
export async function initializeCounters(
  deps: Deps,
  { dryRun }: InitializeCountersOptions,
): Promise<Work<InitializeCountersResult>> {
  const reconciliation = await reconcileCounters(deps, {
    tool: 'initialize-counters',
    write: !dryRun,
    isWrong: isToWrite,
  });
  const { snapshot, rows, wrong, written, verified } = reconciliation;
  const missing = wrong.filter(isMissing).length;
  return {
    outcome: outcomeOfReconciliation(reconciliation),
    result: {
      totalTasks: tasksInCounts(snapshot.counts),
      counters: rows.map(reportedCounter),
      missing,
      wrong: wrong.length - missing,
      written: written ? wrong.filter((row) => !isWrongType(row)).length : 0,
      verified: verified || wrong.length === 0,
      oddKeys: reportedOddKeys(snapshot.counts, snapshot.oddKeys),
    },
  };
}

const isMissing = ({ old }: CounterRow) => old.kind === 'missing';
const isToWrite = (row: CounterRow) => isDrifted(row) || isMissing(row);
