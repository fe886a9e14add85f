import { AtfError, type Deps, refuseUnusableBackup, type Work, withMaintenanceLock } from '@atf/core';
import { confirmationLines } from './confirmation.js';
import { deleteRounds } from './delete/delete-rounds.js';
import { roundsOf } from './delete/rounds.js';
import { type Survey, survey, TASKS_SHOWN } from './detect/survey.js';
import type { OwnOptions } from './options.js';
import { rulesOf } from './permissions.js';
import { describeTasks, resultOf } from './result.js';
import type { DeleteDefectiveTasksResult } from './schema.js';

export interface DeleteDefectiveTasksOptions extends OwnOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
}

/**
 * Finds defective tasks, and deletes them with every reference: the hash, the dead-letter copy and each queue entry. It lowers the
 * state counters that exist. One atomic step deletes a task, if the task has not changed since it was judged. Suspicious tasks are
 * reported, and deleted if their reason is included. The maintenance lock is held from the answer to the question until the end.
 *
 * Cost: one call for 250 keys of the database; each queue is read twice; one call for 100 deletions.
 * @throws AtfError `GUARD` if too large a share of all tasks would be deleted; `NOT_CONFIRMED`; `LOCKED`; `BACKUP`; what
 *   Redis refuses
 */
export async function deleteDefectiveTasks(
  deps: Deps,
  { include, maxDefectivePercent, backup, dryRun }: DeleteDefectiveTasksOptions,
): Promise<Work<DeleteDefectiveTasksResult>> {
  if (backup !== undefined) await refuseUnusableBackup(backup);
  const found = await survey(deps, include);
  const tasks = await describeTasks(deps.target.client, found);
  const tooMany = shareOf(found) > maxDefectivePercent;
  if (found.counts.toDelete === 0 || dryRun) {
    const result = resultOf(found, { tasks, tooMany });
    return { outcome: result.toDelete === 0 ? 'clean' : 'found', result };
  }
  if (tooMany) throw tooManyDefectiveError(found, maxDefectivePercent);

  await deps.confirm(await confirmationLines(deps.target, found));
  const user = { tool: 'delete-defective-tasks', rules: rulesOf({ saves: backup !== undefined }) };
  const deletion = await withMaintenanceLock(deps, user, (lock) =>
    deleteRounds(deps, roundsOf(deps, found, include), {
      backup,
      lock,
      shown: found.firstToDelete.slice(0, TASKS_SHOWN),
    }),
  );
  const result = resultOf(found, { tasks, tooMany, deletion });
  if (deletion.stopped) return { outcome: 'stopped', result };
  return {
    outcome: deletion.counts.changed + deletion.counts['in-use'] > 0 ? 'partial' : 'repaired',
    result,
  };
}

/** How many keys are under `task:`. Keys that hold no task count too, because --include can delete them. Pure. */
const keysOf = ({ counts: { totalTasks, wrongType, unrelated } }: Survey) =>
  totalTasks + wrongType + unrelated;

/** The share of all keys to delete, in percent. Pure. */
function shareOf(found: Survey): number {
  return found.counts.toDelete === 0 ? 0 : (found.counts.toDelete / keysOf(found)) * 100;
}

function tooManyDefectiveError(found: Survey, percent: number): AtfError {
  const share = `${found.counts.toDelete} of ${keysOf(found)} keys under task:`;
  return new AtfError('GUARD', `${share} would be deleted`, {
    why: `that is more than ${percent} %: it looks like a wrong database or another schema, not like a clean-up`,
    hint: 'Look with --dry-run. If this is intended, raise --max-defective-percent.',
  });
}
