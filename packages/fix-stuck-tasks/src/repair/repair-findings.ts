import {
  AtfError,
  type Deps,
  failureOf,
  type HeldLock,
  StoppedError,
  type WorkDone,
  withMaintenanceLock,
} from '@atf/core';
import { brokerOf } from '../find-in-tasks.js';
import { type Finding, isOfEntry, type TaskFinding } from '../finding.js';
import { isPlaced, queueHolding } from '../look-again.js';
import type { BrokerSource } from '../places/broker-source.js';
import { catchUpPlaces, type Look, lookAtPlaces, seenIn } from '../places/look.js';
import { removeEntries } from './remove-entries.js';
import { type Fate, repairTasks } from './repair-tasks.js';

/** Tasks in one atomic step. */
const BATCH = 50;
/** One call writes at most so many findings. */
const MOST_UNCONFIRMED = 100;
/** How often a batch is tried while a list changes under it. */
const ATTEMPTS = 4;

/** What became of what was to be repaired. */
export interface Repairs {
  /** Of those that were reached. */
  fates: Map<Finding, Fate>;
  /** True where it ended before it had reached all. */
  stopped: boolean;
}

export interface RepairOptions {
  look: Look;
  broker: BrokerSource;
  /** For how long, in ms, a scheduled task must be due. */
  scheduledGraceMs: number;
}

/**
 * Repairs findings under the maintenance lock: entries of queues first, then tasks in batches, the youngest first, because
 * consumers take what came last. Ends early when the run is stopped.
 * @throws AtfError `LOCKED` where another tool is at work; what Redis refuses, with what was done by then
 */
export async function repairFindings(
  deps: Deps,
  findings: readonly Finding[],
  options: RepairOptions,
): Promise<Repairs> {
  const repairs: Repairs = { fates: new Map(), stopped: false };
  return await withMaintenanceLock(deps, 'fix-stuck-tasks', async (lock) => {
    try {
      await repairAll(deps, findings, { ...options, lock, fates: repairs.fates });
    } catch (error) {
      if (error instanceof StoppedError && repairs.fates.size > 0) return { ...repairs, stopped: true };
      // An AtfError arises between two writes.
      throw failureOf(
        error,
        deps.target,
        workDone(repairs, error instanceof AtfError ? 0 : MOST_UNCONFIRMED),
      );
    }
    return repairs;
  });
}

interface Underway extends RepairOptions {
  lock: HeldLock;
  fates: Map<Finding, Fate>;
}

async function repairAll(
  deps: Deps,
  findings: readonly Finding[],
  { lock, fates, broker, scheduledGraceMs, ...options }: Underway,
): Promise<void> {
  const { client } = deps.target;
  const done = (finding: Finding, fate: Fate) => {
    fates.set(finding, fate);
    deps.progress({ step: 'repair', what: 'Repairing', done: fates.size, total: findings.length });
  };
  const dueBefore = () => (deps.now().getTime() - scheduledGraceMs) / 1000;
  const entries = findings.filter(isOfEntry);
  const tasks = findings.filter((finding): finding is TaskFinding => !isOfEntry(finding)).reverse();
  // Of no tasks: what it may not do it says before the first entry goes.
  if (tasks.length > 0) {
    await repairTasks(client, [], { lock, look: options.look, now: deps.now(), dueBefore: dueBefore() });
  }
  await removeEntries(deps, entries, { lock, done });
  if (tasks.length === 0) return;
  // What was taken out is in no place any more, and the places from the tail have moved.
  let look =
    entries.length > 0 ? await lookAtPlaces(deps, client, { broker, dueBefore: dueBefore() }) : options.look;
  for (let from = 0; from < tasks.length; from += BATCH) {
    const batch = tasks.slice(from, from + BATCH);
    let placed = new Map<TaskFinding, Fate>();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      deps.signal.throwIfAborted();
      look = await catchUpPlaces(deps, client, { look, broker });
      const open = batch.filter((finding) => isStillNowhere(finding, look));
      const context = { lock, look, now: deps.now(), dueBefore: dueBefore() };
      const repaired = open.length === 0 ? [] : await repairTasks(client, open, context);
      if (!repaired) continue;
      placed = new Map(open.map((finding, i) => [finding, repaired[i]!]));
      break;
    }
    for (const finding of batch) done(finding, placed.get(finding) ?? 'changed');
  }
}

function isStillNowhere(finding: TaskFinding, look: Look): boolean {
  if (finding.kind === 'orphaned-pending' && brokerOf(look) !== 'read') return false;
  const seen = seenIn(look, finding.id);
  // Its id must be nowhere by now, be it a stale entry that was not taken out.
  return queueHolding(finding, seen) === undefined && !isPlaced(finding, seen);
}

/** What a failure reports as done. */
function workDone({ fates }: Repairs, unconfirmed: number): WorkDone {
  const repaired = [...fates.values()].filter((fate) => fate === 'repaired').length;
  return { action: 'repaired', counts: { findings: repaired }, unconfirmed };
}
