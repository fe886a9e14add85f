import { keyName, type Redis } from '@atf/core';
import type { Deletion } from './delete/delete-candidates.js';
import { type Candidate, reasonsOf } from './detect/candidate.js';
import { previewTask } from './detect/preview-task.js';
import { type Survey, TASKS_SHOWN } from './detect/survey.js';
import type { DeleteDefectiveTasksResult, TaskPreview } from './schema.js';

const CONCURRENT_CALLS = 50;

/** A task to show, as it was when it was found. */
export interface DescribedTask {
  candidate: Candidate;
  preview: TaskPreview | null;
}

/** Reads what the report shows of the first tasks. Cost: a call for each task shown, 50 at once. */
export async function describeTasks(
  client: Redis,
  { toDelete, keptShown }: Survey,
): Promise<DescribedTask[]> {
  const shown = [...toDelete.slice(0, TASKS_SHOWN), ...keptShown];
  const described: DescribedTask[] = [];
  for (let from = 0; from < shown.length; from += CONCURRENT_CALLS) {
    const calls = shown.slice(from, from + CONCURRENT_CALLS).map(async (candidate) => {
      return { candidate, preview: await previewTask(client, candidate.key) };
    });
    described.push(...(await Promise.all(calls)));
  }
  return described;
}

interface ResultParts {
  tasks: readonly DescribedTask[];
  tooMany: boolean;
  deletion?: Deletion;
  backup?: string | undefined;
}

/** The report's result. Pure. */
export function resultOf(
  { toDelete, keptShown: _, ...found }: Survey,
  { tasks, tooMany, deletion, backup }: ResultParts,
): DeleteDefectiveTasksResult {
  const outcomes = [...(deletion?.outcomes.values() ?? [])];
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  const chosen = new Set(toDelete);
  return {
    ...found,
    toDelete: toDelete.length,
    deleted: count('deleted'),
    gone: count('gone'),
    changed: count('changed'),
    left: toDelete.length - outcomes.length,
    removed: deletion?.removed ?? { listEntries: 0, scheduledEntries: 0, deadLetterCopies: 0, counted: 0 },
    tooMany,
    backup: backup ?? null,
    tasks: tasks.map(({ candidate, preview }) => ({
      key: keyName(candidate.key),
      verdict: candidate.verdict,
      reasons: reasonsOf(candidate),
      outcome: deletion?.outcomes.get(candidate) ?? (chosen.has(candidate) ? 'to-delete' : 'kept'),
      preview,
    })),
  };
}
