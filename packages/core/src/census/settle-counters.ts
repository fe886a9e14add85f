import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../deps.js';
import { AtfError, StoppedError } from '../errors.js';
import { failureOf, isRefusal } from '../redis/failure.js';
import { type MaintenanceLock, takeMaintenanceLock } from '../redis/maintenance-lock.js';
import { adjustCounters } from './adjust-counters.js';
import { type CounterRow, compareCounters, isSameDrift } from './compare-counters.js';
import type { Cut } from './cut.js';
import { type CensusOptions, openCensus } from './open-census.js';

export interface SettleOptions {
  /** Who holds the maintenance lock while counters are written. */
  tool: string;
  /** False: look only. */
  write: boolean;
  /** Which rows are to be written; called again for every new look. */
  isWrong(row: CounterRow): boolean;
  census?: CensusOptions;
}

/** What became of the counters. */
export interface Settlement {
  /** The look that decided: its rows hold what was found, and what was written. */
  cut: Cut;
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
/** Where no counter exists, AsyncTaskFlow may keep none: time for its traffic to show that between two cuts. */
const UNKEPT_MS = 500;
/** Time between two cuts once the drift was seen to change. */
const UNSTEADY_MS = 50;
const WRITTEN = 'The counters were written, but not verified.';

/**
 * Makes the state counters equal the tasks although workers go on changing both.
 *
 * A worker changes a task's state and its counters in one step, so the drift stays the same whatever workers do: it is
 * taken from an exact cut, confirmed by a second one, and added to the counters whenever that comes. Then a further
 * cut verifies.
 *
 * @throws AtfError `UNSTABLE` where no exact answer can be had, `LOCKED` where another tool is at work; then nothing was
 * written, or `done` says what was
 */
export async function settleCounters(deps: Deps, options: SettleOptions): Promise<Settlement> {
  const census = await openCensus(deps, options.census);
  try {
    const first = await census.cut();
    const found = settlementOf(first, options);
    if (!options.write || found.wrong.length === 0) return found;
    const lock = await takeMaintenanceLock(deps, options.tool);
    try {
      return await settle(deps, options, { first, lock, cut: () => census.cut() });
    } finally {
      await lock.release();
    }
  } finally {
    await census.close();
  }
}

function settlementOf(cut: Cut, { isWrong }: SettleOptions): Settlement {
  const rows = compareCounters(cut);
  return { cut, rows, wrong: rows.filter(isWrong), written: false, verified: false };
}

async function settle(
  deps: Deps,
  options: SettleOptions,
  { first, lock, cut }: { first: Cut; lock: MaintenanceLock; cut: () => Promise<Cut> },
): Promise<Settlement> {
  let look = settlementOf(first, options);
  let apart = look.rows.every(({ old }) => old.kind === 'missing') ? UNKEPT_MS : 0;
  let settled: Settlement | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      if (apart > 0) await sleep(apart, undefined, { signal: deps.signal }).catch(() => {});
      const next = settlementOf(await cut(), options);
      if (settled && next.wrong.every(isForeign)) return { ...settled, verified: true };
      const confirmed = isSameDrift(look.rows, next.rows);
      look = next;
      if (confirmed && (await write(deps, look, lock))) {
        settled ??= { ...look, written: true };
        apart = 0;
      } else {
        apart = Math.max(apart, UNSTEADY_MS);
      }
    } catch (error) {
      if (!settled) throw error;
      const failure = failureOf(error, deps.target, WRITTEN);
      if (failure instanceof StoppedError) return { ...settled, stopped: true };
      if (failure.code === 'UNSTABLE') return settled;
      throw failure;
    }
  }
  if (settled) return settled;
  throw new AtfError('UNSTABLE', 'the counters and the tasks do not change together', {
    why: 'something changes tasks without their counters, or counters without tasks, again and again',
    hint: 'Find what writes there (an AsyncTaskFlow that keeps no counters?), or run it again when there is less traffic.',
  });
}

async function write({ target }: Deps, { wrong }: Settlement, lock: MaintenanceLock): Promise<boolean> {
  const rows = wrong.filter((row) => !isForeign(row));
  try {
    return await adjustCounters(target.primaries[0], rows, lock);
  } catch (error) {
    const unsure = 'The counters may or may not have been written: run it again to see.';
    throw failureOf(error, target, isRefusal(error) ? undefined : unsure);
  }
}

/** A counter's key that holds something else than a string: it is left alone, its content might be somebody's. */
export function isForeign({ old }: CounterRow): boolean {
  return old.kind === 'foreign';
}

/** How a run that settled the counters ended. */
export function outcomeOfSettlement({ wrong, written, stopped, verified }: Settlement) {
  if (wrong.length === 0) return 'clean';
  if (stopped) return 'stopped';
  if (!written) return 'found';
  return verified && !wrong.some(isForeign) ? 'repaired' : 'partial';
}
