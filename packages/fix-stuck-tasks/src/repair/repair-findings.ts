import {
  AtfError,
  type Broker,
  type Deps,
  failureOf,
  type HeldLock,
  type QueueSnapshot,
  StoppedError,
  takeQueueSnapshot,
  updateQueueSnapshot,
  type WorkDone,
  withMaintenanceLock,
} from '@atf/core';
import { type Finding, isOfEntry, type TaskFinding } from '../detect/finding.js';
import { isStillMissing } from '../detect/placement.js';
import { RULES } from '../permissions.js';
import type { RepairOutcome } from '../schema.js';
import { removeEntries } from './remove-entries.js';
import { repairTasks } from './repair-tasks.js';

/** Tasks in one atomic step. */
const BATCH = 50;
/** If a call fails, so many findings may be repaired without a reply: the largest batch. */
const MOST_UNCONFIRMED = 100;
/** How often a batch is tried while a list changes under it. */
const ATTEMPTS = 4;

/** The outcomes of a run. */
export interface Repairs {
  /** Without findings that were not reached. */
  outcomes: Map<Finding, RepairOutcome>;
  /** True if the run was stopped before it had reached all findings. */
  stopped: boolean;
}

export interface RepairOptions {
  snapshot: QueueSnapshot;
  broker: Broker;
  /** A SCHEDULED task is overdue if it has been due for longer than this. */
  scheduledGraceMs: number;
}

/**
 * Repairs findings under the maintenance lock: entries of queues first, then tasks in batches. Ends early if the run is stopped.
 * Findings are sorted oldest first, but tasks are pushed youngest first: consumers take the last pushed id first, which is then the
 * oldest.
 * @throws AtfError `LOCKED` if another tool is at work; what Redis refuses, with what was done by then
 */
export async function repairFindings(
  deps: Deps,
  findings: readonly Finding[],
  options: RepairOptions,
): Promise<Repairs> {
  const outcomes: Repairs['outcomes'] = new Map();
  return await withMaintenanceLock(deps, { tool: 'fix-stuck-tasks', rules: RULES }, async (lock) => {
    try {
      await repairAll(deps, findings, { ...options, lock, outcomes });
    } catch (error) {
      if (error instanceof StoppedError && outcomes.size > 0) return { outcomes, stopped: true };
      // An AtfError arises between two writes.
      const unconfirmed = error instanceof AtfError ? 0 : MOST_UNCONFIRMED;
      throw failureOf(error, deps.target, workDone(outcomes, unconfirmed));
    }
    return { outcomes, stopped: false };
  });
}

interface Run extends RepairOptions {
  lock: HeldLock;
  outcomes: Repairs['outcomes'];
}

async function repairAll(
  deps: Deps,
  findings: readonly Finding[],
  { lock, outcomes, broker, scheduledGraceMs, snapshot: last }: Run,
): Promise<void> {
  const { client } = deps.target;
  const done = (finding: Finding, outcome: RepairOutcome) => {
    outcomes.set(finding, outcome);
    deps.progress({ step: 'repair', what: 'Repairing', done: outcomes.size, total: findings.length });
  };
  const context = (snapshot: QueueSnapshot) => {
    const now = deps.now();
    return { lock, snapshot, now, dueBefore: (now.getTime() - scheduledGraceMs) / 1000 };
  };
  const entries = findings.filter(isOfEntry);
  const tasks = findings.filter((finding): finding is TaskFinding => !isOfEntry(finding)).reverse();
  // With an empty list, only the permissions are checked: a missing one shows before the first entry is removed.
  if (tasks.length > 0) await repairTasks(client, [], context(last));
  await removeEntries(deps, entries, { lock, done });
  if (tasks.length === 0) return;
  // The removal of entries has changed the queues and the positions in them.
  let snapshot =
    entries.length === 0
      ? last
      : await takeQueueSnapshot(deps, client, { broker, dueBefore: context(last).dueBefore });
  for (let from = 0; from < tasks.length; from += BATCH) {
    const batch = tasks.slice(from, from + BATCH);
    let repaired = new Map<TaskFinding, RepairOutcome>();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      deps.signal.throwIfAborted();
      snapshot = await updateQueueSnapshot(deps, client, { snapshot, broker });
      const open = batch.filter((finding) => isStillMissing(finding, snapshot));
      const batchOutcomes = open.length === 0 ? [] : await repairTasks(client, open, context(snapshot));
      if (!batchOutcomes) continue;
      repaired = new Map(open.map((finding, i) => [finding, batchOutcomes[i]!]));
      break;
    }
    for (const finding of batch) done(finding, repaired.get(finding) ?? 'changed');
  }
}

/** The work done before a failure. */
function workDone(outcomes: Repairs['outcomes'], unconfirmed: number): WorkDone {
  const repaired = [...outcomes.values()].filter((outcome) => outcome === 'repaired').length;
  return { action: 'repaired', counts: { findings: repaired }, unconfirmed };
}
