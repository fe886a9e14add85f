import {
  type BackupWriter,
  type Deps,
  type MaintenanceLock,
  refuseUnusableBackup,
  StoppedError,
  serverClock,
  startBackup,
  type Work,
  withMaintenanceLock,
} from '@atf/core';
import { confirmationLines } from './confirmation.js';
import { deleteSelected } from './delete-selected.js';
import { type Deletion, deletionFailure, newDeletion } from './deletion.js';
import { rulesOf } from './permissions.js';
import { resultOfDeletion, resultOfSurvey } from './result.js';
import { emptyCounts } from './result-counts.js';
import type { CleanupCeleryMetaResult } from './schema.js';
import { type Selection, surveyResults } from './select-results.js';
import { sweepResults } from './sweep-results.js';

const TOOL = 'cleanup-celery-meta';

export interface CleanupCeleryMetaOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
  /** True: delete in one pass. False: count first and ask. */
  yes?: boolean;
  /** Only results that were done longer ago than this, in ms; undefined: all. */
  olderThanMs?: number | undefined;
  /** A new file for everything that is deleted. */
  backup?: string | undefined;
}

/**
 * Deletes the results that Celery's result backend left: the strings under `celery-task-meta-*`. With `olderThanMs` it keeps
 * a result without a readable date. It deletes a result only if it has not changed since it was judged and saved. A final survey
 * counts what is left. It is skipped if no other client wrote anything while all results were deleted. The maintenance lock is held
 * from the first deletion to the end of that survey.
 *
 * Cost: one call for 10 to 4,000 keys of the database, or three for 500 if values must be read for their age or for a backup.
 * @throws AtfError `USAGE` if the backup's file exists; `NOT_CONFIRMED`; `LOCKED`; `BACKUP`; what Redis
 *   refuses
 */
export async function cleanupCeleryMeta(
  deps: Deps,
  { dryRun, yes = false, olderThanMs, backup }: CleanupCeleryMetaOptions,
): Promise<Work<CleanupCeleryMetaResult>> {
  if (backup !== undefined) await refuseUnusableBackup(backup);
  const selection = { before: await beforeFor(deps, olderThanMs) };
  const keys = Number(await deps.target.client.dbSize());
  if (dryRun || !yes) {
    const counts = emptyCounts();
    await surveyResults(deps, counts, selection);
    const result = resultOfSurvey(counts, olderThanMs, keys);
    if (counts.selected === 0) return { outcome: 'clean', result };
    if (dryRun) return { outcome: 'found', result };
    await deps.confirm(await confirmationLines(deps.target, result));
  }
  const deletion = newDeletion();
  const rules = rulesOf({ saves: backup !== undefined });
  const stopped = await withMaintenanceLock(deps, { tool: TOOL, rules }, (lock) =>
    deleteAll(deps, deletion, { ...selection, path: backup, lock }),
  );
  const result = resultOfDeletion(deletion, olderThanMs, keys);
  if (stopped) return { outcome: 'stopped', result };
  if (deletion.changed > 0) return { outcome: 'partial', result };
  return { outcome: deletion.deleted > 0 ? 'repaired' : 'clean', result };
}

/** The Unix time in ms before which a result is older than `olderThanMs`, by the clock of Redis. */
async function beforeFor(deps: Deps, olderThanMs: number | undefined): Promise<number | undefined> {
  if (olderThanMs === undefined) return undefined;
  const now = await serverClock(deps);
  return now().getTime() - olderThanMs;
}

/**
 * Deletes, and counts what is left unless nothing can be left. Notes both in `deletion`. Returns true if the run was stopped before
 * its end.
 */
async function deleteAll(
  deps: Deps,
  deletion: Deletion,
  { path, lock, ...selection }: Selection & { path: string | undefined; lock: MaintenanceLock },
): Promise<boolean> {
  const backup = path === undefined ? undefined : await startBackup(deps, { path, tool: TOOL });
  try {
    let isNoneLeft = false;
    if (backup || selection.before !== undefined)
      await deleteSelected(deps, deletion, { ...selection, backup, lock });
    else isNoneLeft = await sweepResults(deps, deletion, lock);
    if (backup) await closeBackup(backup, deletion);
    if (isNoneLeft) deletion.left = 0;
    else await countLeft(deps, deletion, selection);
    return false;
  } catch (error) {
    // Each batch was saved before it was deleted, so the backup of a stopped run is complete.
    if (backup && error instanceof StoppedError) await closeBackup(backup, deletion).catch(() => {});
    await backup?.abandon();
    if (error instanceof StoppedError) return true;
    throw deletionFailure(error, deps.target, deletion);
  }
}

async function countLeft(deps: Deps, deletion: Deletion, selection: Selection): Promise<void> {
  const after = emptyCounts();
  await surveyResults(deps, after, selection);
  deletion.left = after.selected;
  deletion.counts.notStrings = after.notStrings;
  deletion.counts.notStringKeys = after.notStringKeys;
}

async function closeBackup(backup: BackupWriter, deletion: Deletion): Promise<void> {
  const path = await backup.close({ keep: deletion.deleted > 0 });
  if (path === null) deletion.backup = null;
}
