import { keyName, type Redis, type TaskFinding } from '@atf/core';
import type { Deletion } from './delete-condemned.js';
import type { Fate } from './delete-tasks.js';
import { previewTask, type TaskPreview } from './preview-task.js';
import { type Survey, TASKS_SHOWN } from './survey.js';
import { reasonsOf, type Suspect } from './suspect.js';

const AT_ONCE = 50;

/** A task in the report. */
export interface ReportedTask {
  key: string;
  verdict: 'defective' | 'suspicious';
  /** Everything that is wrong with it. */
  reasons: TaskFinding[];
  /** `condemned`: to be deleted, and not reached; `kept`: suspicious only, and not included. */
  fate: Fate | 'condemned' | 'kept';
  /** Null for a key that is no hash. */
  preview: TaskPreview | null;
}

/** What was found, and what became of it. */
export interface DeleteDefectiveTasksResult {
  totalTasks: number;
  /** Keys under `task:` that are no hash: no tasks, but suspicious. */
  foreignKeys: number;
  defective: number;
  suspicious: number;
  /** What was to be deleted: the defective and what was included. */
  condemned: number;
  /** Suspicious only, and not included. */
  kept: number;
  deleted: number;
  /** Were gone already when their turn came. */
  gone: number;
  /** Were not what they had been judged by any more, and were left alone. */
  changed: number;
  /** Were not reached. */
  left: number;
  /** What went with the deleted tasks. */
  removed: { listEntries: number; scheduledEntries: number; deadLetterCopies: number; counted: number };
  /** True where --max-defective-percent forbids the deletion. */
  tooMany: boolean;
  backup: string | null;
  /** The first 1,000 of those to be deleted, then the first 1,000 kept ones. */
  tasks: ReportedTask[];
}

/** A task to show: its suspect and what it looked like when it was found. */
export interface DescribedTask {
  suspect: Suspect;
  preview: TaskPreview | null;
}

/** Reads what the report shows of the first tasks. Cost: a call a task shown, 50 at once. */
export async function describeTasks(
  client: Redis,
  { condemned, keptShown }: Survey,
): Promise<DescribedTask[]> {
  const shown = [...condemned.slice(0, TASKS_SHOWN), ...keptShown];
  const described: DescribedTask[] = [];
  for (let from = 0; from < shown.length; from += AT_ONCE) {
    const some = shown.slice(from, from + AT_ONCE);
    const previews = await Promise.all(some.map(({ key }) => previewTask(client, key)));
    described.push(...some.map((suspect, i) => ({ suspect, preview: previews[i] ?? null })));
  }
  return described;
}

/** The report's result. Pure. */
export function resultOf(
  found: Survey,
  {
    tasks,
    tooMany,
    deletion,
    backup = null,
  }: { tasks: readonly DescribedTask[]; tooMany: boolean; deletion?: Deletion; backup?: string | null },
): DeleteDefectiveTasksResult {
  const fates = [...(deletion?.fates.values() ?? [])];
  const count = (wanted: Fate) => fates.filter((fate) => fate === wanted).length;
  const condemned = new Set(found.condemned);
  return {
    totalTasks: found.totalTasks,
    foreignKeys: found.foreignKeys,
    defective: found.defective,
    suspicious: found.suspicious,
    condemned: condemned.size,
    kept: found.kept,
    deleted: count('deleted'),
    gone: count('gone'),
    changed: count('changed'),
    left: condemned.size - fates.length,
    removed: {
      listEntries: deletion?.entries ?? 0,
      scheduledEntries: deletion?.members ?? 0,
      deadLetterCopies: deletion?.copies ?? 0,
      counted: deletion?.counted ?? 0,
    },
    tooMany,
    backup,
    tasks: tasks.map(({ suspect, preview }) => ({
      key: keyName(suspect.key),
      verdict: suspect.verdict,
      reasons: reasonsOf(suspect),
      fate: deletion?.fates.get(suspect) ?? (condemned.has(suspect) ? 'condemned' : 'kept'),
      preview,
    })),
  };
}
