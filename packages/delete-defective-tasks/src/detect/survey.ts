import type { Deps } from '@atf/core';
import type { Includable } from '../options.js';
import type { DeleteDefectiveTasksResult, ReasonCount } from '../schema.js';
import { type Candidate, reasonsOf } from './candidate.js';
import { type Decision, judgeTasks } from './judge-tasks.js';

/** How many tasks of each group a report shows. */
export const TASKS_SHOWN = 1_000;
/** How many tasks one round keeps in memory and deletes, and how many bytes their keys may have. */
const ROUND = 50_000;
const ROUND_BYTES = 16_000_000;

/** True if a round is full. Pure. */
export function isFull({ length, bytes }: { length: number; bytes: number }): boolean {
  return length >= ROUND || bytes >= ROUND_BYTES;
}

type Counts = Pick<
  DeleteDefectiveTasksResult,
  | 'totalTasks'
  | 'wrongType'
  | 'unrelated'
  | 'defective'
  | 'suspicious'
  | 'toDelete'
  | 'kept'
  | 'inUse'
  | 'reasons'
>;

/** What was found among all tasks. */
export interface Survey {
  counts: Counts;
  /** The first tasks to delete: all of them if they fit into one round. */
  firstToDelete: Candidate[];
  keptShown: Candidate[];
  inUseShown: Candidate[];
  /** How many bytes the keys of these candidates have. */
  bytes: number;
}

/** Judges every task once. Memory is bounded: it keeps the tasks that a report shows and one round deletes. */
export async function survey(deps: Deps, include: readonly Includable[]): Promise<Survey> {
  const counts: Counts = {
    totalTasks: 0,
    wrongType: 0,
    unrelated: 0,
    defective: 0,
    suspicious: 0,
    toDelete: 0,
    kept: 0,
    inUse: 0,
    reasons: [],
  };
  const found: Survey = { counts, firstToDelete: [], keptShown: [], inUseShown: [], bytes: 0 };
  for await (const { keys, decided } of judgeTasks(deps, include)) {
    counts.totalTasks += keys;
    for (const [candidate, decision] of decided) note(found, candidate, decision);
    deps.progress({ step: 'scan', what: 'Judging tasks', done: counts.totalTasks });
  }
  return found;
}

function note(found: Survey, candidate: Candidate, decision: Decision): void {
  const { counts, firstToDelete, bytes } = found;
  const { verdict, findings } = candidate;
  const isUnrelated = findings.some(({ code }) => code === 'unrelated');
  if (isUnrelated) counts.unrelated++;
  const isWrongType = findings.some(({ code }) => code === 'not-a-hash');
  if (isWrongType) counts.wrongType++;
  if (isUnrelated || isWrongType) counts.totalTasks--;
  if (decision === 'in-use') {
    counts.inUse++;
    keep(found, found.inUseShown, candidate);
    return;
  }
  if (!isUnrelated) counts[verdict]++;
  if (decision === 'kept') {
    if (!isUnrelated) counts.kept++;
    keep(found, found.keptShown, candidate);
    return;
  }
  counts.toDelete++;
  for (const reason of reasonsOf(candidate)) countReason(counts.reasons, reason);
  if (isFull({ length: firstToDelete.length, bytes })) return;
  // Findings are most of a candidate's memory, and only a report needs them.
  const { length } = firstToDelete;
  firstToDelete.push(length < TASKS_SHOWN ? candidate : { ...candidate, findings: [] });
  found.bytes += candidate.key.length;
}

/** Keeps a candidate for the report, unless there are enough. */
function keep(found: Survey, shown: Candidate[], candidate: Candidate): void {
  if (shown.length >= TASKS_SHOWN || isFull({ length: 0, bytes: found.bytes })) return;
  shown.push(candidate);
  found.bytes += candidate.key.length;
}

function countReason(reasons: ReasonCount[], { code, field }: Omit<ReasonCount, 'tasks'>): void {
  const known = reasons.find((reason) => reason.code === code && reason.field === field);
  if (known) known.tasks++;
  else reasons.push({ code, field, tasks: 1 });
}
