import { keyName, type Redis } from '@atf/core';
import { type Deletion, reached } from './delete/deletion.js';
import { type Candidate, reasonsOf } from './detect/candidate.js';
import { previewTask } from './detect/preview-task.js';
import { type Survey, TASKS_SHOWN } from './detect/survey.js';
import type { DeleteDefectiveTasksResult, ReportedTask } from './schema.js';

const CONCURRENT_CALLS = 50;

/** Reads the previews of the first tasks of each group. Cost: a call for each task shown, 50 at once. */
export async function describeTasks(
  client: Redis,
  { firstToDelete, keptShown, inUseShown }: Survey,
): Promise<ReportedTask[]> {
  const as = (outcome: ReportedTask['outcome']) => (candidate: Candidate) => ({ candidate, outcome });
  const shown = [
    ...firstToDelete.slice(0, TASKS_SHOWN).map(as('to-delete')),
    ...keptShown.map(as('kept')),
    ...inUseShown.map(as('in-use')),
  ];
  const described: ReportedTask[] = [];
  for (let from = 0; from < shown.length; from += CONCURRENT_CALLS) {
    const calls = shown.slice(from, from + CONCURRENT_CALLS).map(async ({ candidate, outcome }) => ({
      key: keyName(candidate.key),
      verdict: candidate.verdict,
      reasons: reasonsOf(candidate),
      outcome,
      preview: await previewTask(client, candidate.key),
    }));
    described.push(...(await Promise.all(calls)));
  }
  return described;
}

interface ResultParts {
  tasks: readonly ReportedTask[];
  tooMany: boolean;
  deletion?: Deletion;
}

/** The report's result. Pure. */
export function resultOf(
  { counts: found }: Survey,
  { tasks, tooMany, deletion }: ResultParts,
): DeleteDefectiveTasksResult {
  const outcomes = [...(deletion?.shown.values() ?? [])];
  const { deleted = 0, gone = 0, changed = 0, 'in-use': claimed = 0 } = deletion?.counts ?? {};
  return {
    ...found,
    inUse: found.inUse + claimed,
    deleted,
    gone,
    changed,
    left: Math.max(0, found.toDelete - (deletion ? reached(deletion) : 0)),
    removed: deletion?.removed ?? { listEntries: 0, scheduledEntries: 0, deadLetterCopies: 0, counted: 0 },
    tooMany,
    backup: deletion?.backup ?? null,
    tasks: tasks.map((task, i) => ({ ...task, outcome: outcomes[i] ?? task.outcome })),
  };
}
