import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../deps.js';
import { AtfError, StoppedError } from '../errors.js';
import { failureOf } from '../redis/failure.js';
import { type MaintenanceLock, takeMaintenanceLock } from '../redis/maintenance-lock.js';
import type { WorkDone } from '../work-done-schema.js';
import { adjustCounters } from './adjust-counters.js';
import { type CounterRow, compareCounters, isSameDrift } from './compare-counters.js';
import { openTaskCounter, type TaskCounterOptions } from './open-task-counter.js';
import { COUNTER_PERMISSIONS } from './permissions.js';
import type { Snapshot } from './snapshot.js';

export interface ReconcileOptions {
  /** Who holds the maintenance lock while counters are written. */
  tool: string;
  /** False: look only. */
  write: boolean;
  /** Which rows are to be written; called again for every new look. */
  isWrong(row: CounterRow): boolean;
  counter?: TaskCounterOptions;
}

/** What became of the counters. */
export interface Reconciliation {
  /** The look that decided: its rows hold what was found, and what was written. */
  snapshot: Snapshot;
  rows: CounterRow[];
  /** The rows that were wrong. */
  wrong: CounterRow[];
  /** True once they are written; false after a look only, and where nothing was wrong. */
  written: boolean;
  /** True where a second exact look, after the writing, found nothing wrong. */
  verified: boolean;
  /** Set where the run was stopped after the writing, before the second look. */
  stopped?: true;
}

const ATTEMPTS = 10;
/** Where no counter exists, AsyncTaskFlow may keep none: time for its traffic to show that between two snapshots. */
const UNKEPT_MS = 500;
/** Time between two snapshots once the drift was seen to change. */
const UNSTEADY_MS = 50;

/**
 * Makes the state counters equal the tasks although workers go on changing both.
 *
 * A worker changes a task's state and its counters in one step, so the drift stays the same whatever workers do: it is
 * taken from an exact snapshot, confirmed by a second one, and added to the counters whenever that comes. Then a further
 * snapshot verifies.
 *
 * @throws AtfError `UNSTABLE` where no exact answer can be had, `LOCKED` where another tool is at work; then nothing was
 * written, or `done` says what was
 */
export async function reconcileCounters(deps: Deps, options: ReconcileOptions): Promise<Reconciliation> {
  const counter = await openTaskCounter(deps, options.counter);
  try {
    const first = await counter.take();
    const found = reconciliationOf(first, options);
    if (!options.write || found.wrong.length === 0) return found;
    const lock = await takeMaintenanceLock(deps, {
      tool: options.tool,
      rules: COUNTER_PERMISSIONS.writer[0],
    });
    try {
      return await reconcile(deps, options, { first, lock, take: () => counter.take() });
    } finally {
      await lock.release();
    }
  } finally {
    await counter.close();
  }
}

function reconciliationOf(snapshot: Snapshot, { isWrong }: ReconcileOptions): Reconciliation {
  const rows = compareCounters(snapshot);
  return { snapshot, rows, wrong: rows.filter(isWrong), written: false, verified: false };
}

async function reconcile(
  deps: Deps,
  options: ReconcileOptions,
  { first, lock, take }: { first: Snapshot; lock: MaintenanceLock; take: () => Promise<Snapshot> },
): Promise<Reconciliation> {
  let look = reconciliationOf(first, options);
  let apart = look.rows.every(({ old }) => old.kind === 'missing') ? UNKEPT_MS : 0;
  let reconciled: Reconciliation | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      if (apart > 0) await sleep(apart, undefined, { signal: deps.signal }).catch(() => {});
      const next = reconciliationOf(await take(), options);
      if (reconciled && next.wrong.every(isWrongType)) return { ...reconciled, verified: true };
      const confirmed = isSameDrift(look.rows, next.rows);
      look = next;
      if (confirmed && (await write(deps, look, lock))) {
        reconciled ??= { ...look, written: true };
        apart = 0;
      } else {
        apart = Math.max(apart, UNSTEADY_MS);
      }
    } catch (error) {
      if (!reconciled) throw error;
      const failure = failureOf(
        error,
        deps.target,
        workDone(reconciled.wrong.filter(isAdjustable).length, 0),
      );
      if (failure instanceof StoppedError) return { ...reconciled, stopped: true };
      if (failure.code === 'UNSTABLE') return reconciled;
      throw failure;
    }
  }
  if (reconciled) return reconciled;
  throw new AtfError('UNSTABLE', 'the counters and the tasks do not change together', {
    why: 'something changes tasks without their counters, or counters without tasks, again and again',
    hint: 'Find what writes there (an AsyncTaskFlow that keeps no counters?), or run it again when there is less traffic.',
  });
}

async function write({ target }: Deps, { wrong }: Reconciliation, lock: MaintenanceLock): Promise<boolean> {
  const rows = wrong.filter(isAdjustable);
  try {
    return await adjustCounters(target.client, rows, lock);
  } catch (error) {
    throw failureOf(error, target, workDone(0, rows.length));
  }
}

function workDone(counters: number, unconfirmed: number): WorkDone {
  return { action: 'written', counts: { counters }, unconfirmed };
}

const isAdjustable = (row: CounterRow) => !isWrongType(row);

/** A counter's key that holds something else than a string: it is left alone, its content might be somebody's. */
export function isWrongType({ old }: CounterRow): boolean {
  return old.kind === 'wrong-type';
}
