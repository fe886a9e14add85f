import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../deps.js';
import { AtfError, StoppedError } from '../errors.js';
import { failureOf } from '../redis/failure.js';
import { type MaintenanceLock, withMaintenanceLock } from '../redis/maintenance-lock.js';
import type { WorkDone } from '../work-done-schema.js';
import { adjustCounters } from './adjust-counters.js';
import {
  type CounterRow,
  compareCounters,
  hasNoCounters,
  isSameDrift,
  isWrongType,
} from './compare-counters.js';
import { openTaskCounter, type TaskCounterOptions } from './open-task-counter.js';
import { COUNTER_PERMISSIONS } from './permissions.js';
import type { Snapshot, TaskCounter } from './snapshot.js';

export interface ReconcileOptions {
  /** Who holds the maintenance lock while counters are written. */
  tool: string;
  /** False: only compare. */
  write: boolean;
  /** The rows to write, of all rows of a snapshot. It is called for each snapshot. */
  wrongRows(rows: readonly CounterRow[]): CounterRow[];
  /** How tasks are counted. */
  taskCounter?: TaskCounterOptions;
}

/** How the counters were reconciled. */
export interface Reconciliation {
  /** The last snapshot. */
  snapshot: Snapshot;
  /** The last snapshot's rows. A counter that was written has the row of its last write instead. */
  rows: CounterRow[];
  /**
   * The rows that were wrong. If nothing was written: all of them. Otherwise the written ones, as in `written`, and then the keys of
   * another type. Drift that came back after the last write is not here: only `verified` shows it.
   */
  wrong: CounterRow[];
  /** The rows that were written. A counter that became wrong again has more than one. */
  written: CounterRow[];
  /** True if the last snapshot had nothing left to write. */
  verified: boolean;
  outcome: 'clean' | 'found' | 'repaired' | 'partial' | 'stopped';
}

const ATTEMPTS = 10;
/** If there are no counters, AsyncTaskFlow may keep none. Its traffic gets this time to show that between two snapshots. */
const NO_COUNTERS_PAUSE_MS = 500;
/** The pause between two snapshots once the drift has changed. */
const UNSTEADY_PAUSE_MS = 50;
/** The pause between a write and the snapshot that verifies it. A client that acted on the old value shows itself meanwhile. */
const VERIFYING_PAUSE_MS = 50;

/**
 * Makes the state counters equal the tasks although workers change both meanwhile.
 *
 * A worker changes a task's state and its counters in one step. So the drift between them stays the same, whatever workers
 * do. One exact snapshot shows the drift, and a second one confirms it. Then it is added to the counters: that is right at any
 * time. A further snapshot verifies it.
 *
 * @throws AtfError `UNSTABLE` if there is no exact answer, `LOCKED` if another tool is at work. Then nothing was written, or
 * `done` says what was.
 */
export async function reconcileCounters(deps: Deps, options: ReconcileOptions): Promise<Reconciliation> {
  const taskCounter = openTaskCounter(deps, options.taskCounter);
  try {
    const first = await taskCounter.take();
    const reconciler = new Reconciler(deps, options, { taskCounter, first });
    if (!options.write || reconciler.isDone) return reconciler.result();
    return await withLock(deps, { tool: options.tool, taskCounter }, (lock) => reconciler.reconcile(lock));
  } finally {
    await taskCounter.close();
  }
}

/**
 * Works under the lock. If the lock is not free at once, the task counter is closed while this waits: it would follow all
 * changes for nothing. Then it counts from the beginning.
 */
async function withLock<Result>(
  deps: Deps,
  { tool, taskCounter }: { tool: string; taskCounter: TaskCounter },
  work: (lock: MaintenanceLock) => Promise<Result>,
): Promise<Result> {
  const user = { tool, rules: COUNTER_PERMISSIONS.writer[0] };
  let isHeld = false;
  try {
    return await withMaintenanceLock({ ...deps, lockWaitMs: 0 }, user, (lock) => {
      isHeld = true;
      return work(lock);
    });
  } catch (error) {
    const mayWait = !isHeld && deps.lockWaitMs && error instanceof AtfError && error.code === 'LOCKED';
    if (!mayWait) throw error;
    await taskCounter.close();
    return await withMaintenanceLock(deps, user, work);
  }
}

class Reconciler {
  #snapshot: Snapshot;
  #rows: CounterRow[];
  #written: CounterRow[] = [];

  constructor(
    private readonly deps: Deps,
    private readonly options: ReconcileOptions,
    private readonly start: { taskCounter: TaskCounter; first: Snapshot },
  ) {
    this.#snapshot = start.first;
    this.#rows = compareCounters(start.first);
  }

  get #wrong(): CounterRow[] {
    return this.options.wrongRows(this.#rows);
  }

  /** True if the last snapshot has nothing to write. */
  get isDone(): boolean {
    return this.#wrong.every(isWrongType);
  }

  /** What became of the counters so far. `isVerified` is false if the last snapshot is from before the last write. */
  result(isVerified = this.isDone): Reconciliation {
    const written = this.#written;
    const left = this.#wrong.filter((row) => isWrongType(row) || written.length === 0);
    const wrong = [...written, ...left];
    return {
      snapshot: this.#snapshot,
      rows: this.#rows.map((row) => written.findLast(({ state }) => state === row.state) ?? row),
      wrong,
      written,
      verified: isVerified,
      outcome: this.#outcome(wrong, isVerified),
    };
  }

  #outcome(wrong: readonly CounterRow[], isVerified: boolean): Reconciliation['outcome'] {
    if (wrong.length === 0) return 'clean';
    if (!this.options.write) return 'found';
    return isVerified && !wrong.some(isWrongType) ? 'repaired' : 'partial';
  }

  async reconcile(lock: MaintenanceLock): Promise<Reconciliation> {
    let pause = hasNoCounters(this.#rows) ? NO_COUNTERS_PAUSE_MS : 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        // A stop ends the pause. The next snapshot throws it.
        if (pause > 0) await sleep(pause, undefined, { signal: this.deps.signal }).catch(() => {});
        const isConfirmed = await this.#takeNext();
        // One snapshot verifies a write. If the drift went away without a write, a second one must confirm that.
        if (this.isDone && (isConfirmed || this.#written.length > 0)) return this.result();
        const isWritten = isConfirmed && (await this.#write(lock));
        pause = isWritten ? VERIFYING_PAUSE_MS : Math.max(pause, UNSTEADY_PAUSE_MS);
      } catch (error) {
        return this.#resultAfter(error);
      }
    }
    if (this.#written.length > 0) return this.result();
    throw new AtfError('UNSTABLE', 'the counters and the tasks do not change together', {
      why: 'something changes tasks without their counters, or counters without tasks, again and again',
      hint: 'Find what writes there (an AsyncTaskFlow that keeps no counters?), or run it again when there is less traffic.',
    });
  }

  /** Takes the next snapshot. Returns true if it confirms the drift of the last one. */
  async #takeNext(): Promise<boolean> {
    const before = this.#rows;
    this.#snapshot = await this.start.taskCounter.take();
    this.#rows = compareCounters(this.#snapshot);
    return isSameDrift(before, this.#rows);
  }

  /** Writes what is wrong. Returns false, with nothing written, if a counter is of another kind by now. */
  async #write(lock: MaintenanceLock): Promise<boolean> {
    const { target } = this.deps;
    const rows = this.#wrong.filter((row) => !isWrongType(row));
    try {
      const isWritten = await adjustCounters(target.client, rows, lock);
      if (isWritten) this.#written.push(...rows);
      return isWritten;
    } catch (error) {
      throw failureOf(error, target, workDone(this.#written.length, rows.length));
    }
  }

  /** What a failure means: after a write, some failures only mean that the write is not verified. */
  #resultAfter(error: unknown): Reconciliation {
    if (this.#written.length === 0) throw error;
    const failure = failureOf(error, this.deps.target, workDone(this.#written.length, 0));
    if (failure instanceof StoppedError) return { ...this.result(false), outcome: 'stopped' };
    if (failure.code === 'UNSTABLE') return this.result(false);
    throw failure;
  }
}

function workDone(counters: number, unconfirmed: number): WorkDone {
  return { action: 'written', counts: { counters }, unconfirmed };
}
