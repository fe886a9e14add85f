import type { Deps } from '@atf/core';
import type { Includable } from '../options.js';
import type { DeleteDefectiveTasksResult, ReasonCount } from '../schema.js';
import { type Candidate, reasonsOf } from './candidate.js';
import { type Decision, judgeTasks } from './judge-tasks.js';

/** How many tasks of each group a report shows whole. */
export const TASKS_SHOWN = 1_000;
/** How many tasks to delete are kept in memory, and deleted in one round. */
export const ROUND = 50_000;

type Counts = Pick<
  DeleteDefectiveTasksResult,
  'totalTasks' | 'wrongType' | 'unrelated' | 'defective' | 'suspicious' | 'toDelete' | 'kept' | 'inUse'
>;

/** The result of a look at all tasks. */
export interface Survey extends Counts {
  /** The first tasks to delete: all of them unless there are more than {@link ROUND}. */
  firstToDelete: Candidate[];
  keptShown: Candidate[];
  inUseShown: Candidate[];
  /** How many tasks to delete there are for each reason. */
  reasons: ReasonCount[];
}

/** Looks at every task once. Memory: for what a report shows and one round deletes, not for all that is found. */
export async function survey(deps: Deps, include: readonly Includable[]): Promise<Survey> {
  const found: Survey = {
    totalTasks: 0,
    wrongType: 0,
    unrelated: 0,
    defective: 0,
    suspicious: 0,
    toDelete: 0,
    kept: 0,
    inUse: 0,
    firstToDelete: [],
    keptShown: [],
    inUseShown: [],
    reasons: [],
  };
  for await (const { keys, decided } of judgeTasks(deps, include)) {
    found.totalTasks += keys;
    for (const [candidate, decision] of decided) note(found, candidate, decision);
    deps.progress({ step: 'scan', what: 'Judging tasks', done: found.totalTasks });
  }
  return found;
}

function note(found: Survey, candidate: Candidate, decision: Decision): void {
  const { verdict, findings } = candidate;
  const isUnrelated = findings.some(({ code }) => code === 'unrelated');
  if (isUnrelated) found.unrelated++;
  const isWrongType = findings.some(({ code }) => code === 'not-a-hash');
  if (isWrongType) found.wrongType++;
  if (isUnrelated || isWrongType) found.totalTasks--;
  if (decision === 'in-use') {
    if (found.inUse++ < TASKS_SHOWN) found.inUseShown.push(candidate);
    return;
  }
  if (!isUnrelated) found[verdict]++;
  if (decision === 'kept') {
    if (!isUnrelated) found.kept++;
    if (found.keptShown.length < TASKS_SHOWN) found.keptShown.push(candidate);
    return;
  }
  for (const reason of reasonsOf(candidate)) countReason(found.reasons, reason);
  if (found.toDelete++ < ROUND) {
    // Only what is shown needs its findings: they are most of a candidate's memory.
    found.firstToDelete.push(found.toDelete <= TASKS_SHOWN ? candidate : { ...candidate, findings: [] });
  }
}

function countReason(reasons: ReasonCount[], { code, field }: Omit<ReasonCount, 'tasks'>): void {
  const known = reasons.find((reason) => reason.code === code && reason.field === field);
  if (known) known.tasks++;
  else reasons.push({ code, field, tasks: 1 });
}
