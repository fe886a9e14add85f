import {
  AtfError,
  type Deps,
  failureOf,
  type HeldLock,
  refuseUnusableBackup,
  startBackup,
  type Work,
  withMaintenanceLock,
} from '@atf/core';
import { confirmationLines } from './confirmation.js';
import { type Deletion, deleteCondemned, workDone } from './delete-condemned.js';
import type { OwnOptions } from './options.js';
import { type DeleteDefectiveTasksResult, describeTasks, resultOf } from './result.js';
import { type Survey, survey } from './survey.js';

const TOOL = 'delete-defective-tasks';

export interface DeleteDefectiveTasksOptions extends OwnOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
}

/**
 * Finds tasks that are defective, and deletes them with every reference: hash, dead-letter copy, each entry of the queues,
 * and their share of the state counters that exist. A task is deleted in one atomic step that first sees whether it is
 * still as it was judged. Tasks that are only suspicious are reported, and deleted where their reason is included. The
 * maintenance lock is held from the moment the question is answered to the end.
 *
 * Cost: one call for 250 keys of the database; each queue is read twice; one call for 100 deletions.
 * @throws AtfError `GUARD` where too large a share of all tasks would go; `NOT_CONFIRMED`; `LOCKED`; `BACKUP`; what
 *   Redis refuses
 */
export async function deleteDefectiveTasks(
  deps: Deps,
  options: DeleteDefectiveTasksOptions,
): Promise<Work<DeleteDefectiveTasksResult>> {
  const { include, backup: path, dryRun } = options;
  if (path !== undefined) await refuseUnusableBackup(path);
  const { client } = deps.target;
  const found = await survey(deps, client, include);
  const tasks = await describeTasks(client, found);
  const tooMany = shareOf(found) > options.maxDefectivePercent;
  const shown = resultOf(found, { tasks, tooMany });
  if (found.condemned.length === 0) return { outcome: 'clean', result: shown };
  if (dryRun) return { outcome: 'found', result: shown };
  if (tooMany) throw brake(found, options.maxDefectivePercent);

  await deps.confirm(await confirmationLines(deps.target, found));
  return await withMaintenanceLock(deps, TOOL, async (lock) => {
    const deletion = await deleteFound(deps, { found, path, lock });
    const result = resultOf(found, {
      tasks,
      tooMany,
      deletion,
      ...(path === undefined ? {} : { backup: path }),
    });
    if (deletion.stopped) return { outcome: 'stopped', result };
    return { outcome: result.changed > 0 ? 'partial' : 'repaired', result };
  });
}

/** Deletes what was found, each task saved first where there is a path for a backup. */
async function deleteFound(
  deps: Deps,
  { found, path, lock }: { found: Survey; path: string | undefined; lock: HeldLock },
): Promise<Deletion> {
  const backup = path === undefined ? undefined : await startBackup(deps, { path, tool: TOOL });
  const deletion = await deleteCondemned(deps, found.condemned, { backup, lock }).catch(
    async (error: unknown) => {
      await backup?.abandon();
      throw error;
    },
  );
  await backup?.close().catch((error: unknown) => {
    throw failureOf(error, deps.target, workDone(deletion, 0));
  });
  return deletion;
}

/** Which share of all keys under `task:` would go, in percent: keys that are no hash may go as well. Pure. */
function shareOf({ condemned, totalTasks, foreignKeys }: Survey): number {
  const all = totalTasks + foreignKeys;
  return all === 0 ? 0 : (condemned.length / all) * 100;
}

function brake({ condemned, totalTasks, foreignKeys }: Survey, percent: number): AtfError {
  const share = `${condemned.length} of ${totalTasks + foreignKeys} keys under task:`;
  return new AtfError('GUARD', `${share} would be deleted`, {
    why: `that is more than ${percent} %: it looks like a wrong database or another schema, not like a clean-up`,
    hint: 'Look with --dry-run; if it is meant, raise --max-defective-percent.',
  });
}
