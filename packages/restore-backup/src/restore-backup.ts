import { type Deps, failureOf, readBackup, readServerInfo, type Work, withMaintenanceLock } from '@atf/core';
import { confirmReplacing } from './confirm-replacing.js';
import { RULES } from './permissions.js';
import type { RestoreCounts } from './restore-counts.js';
import { Restoring } from './restoring.js';
import { isSameTarget } from './same-target.js';
import type { RestoreBackupResult } from './schema.js';

export interface RestoreBackupOptions {
  /** What `--backup` wrote. */
  file: string;
  /** True: what exists now and differs is replaced, after a question. */
  replace: boolean;
  /** True: queues are restored although workers or consumers are alive. */
  force?: boolean;
  /** True: decide and report, write nothing. */
  dryRun: boolean;
}

/**
 * Puts back what a backup holds, byte for byte: keys with their expiry; tasks with their copies, queue entries, members of
 * sorted sets and their part in the counters. What exists is left alone unless `replace` is set. An entry is queued only if
 * this restore brought its task back, in this run or in an earlier one that was interrupted. A journal in Redis keeps that,
 * so an interrupted run can be repeated. The maintenance lock is held from the answer to the question until the end.
 *
 * Cost: the file is read twice; one call a record, 64 of them or 64 MB under way; one for 10,000 queue entries, which reads
 * the list whole. Memory: the queue entries of the backup.
 * @throws AtfError `USAGE` if the file is not a backup or is damaged; `GUARD` if workers are alive and the backup holds whole
 *   queues; `NOT_CONFIRMED`; `LOCKED`; and what Redis refuses. `done` says what was restored by then.
 */
export async function restoreBackup(
  deps: Deps,
  { file, replace, force = false, dryRun }: RestoreBackupOptions,
): Promise<Work<RestoreBackupResult>> {
  const backup = await readBackup(file, { signal: deps.signal, checkFirst: true });
  const { id: _, format: __, version: ___, ...facts } = backup.header;
  const run = new Restoring(deps, backup, { replace, force });
  try {
    const server = (await readServerInfo(deps.target.client))?.name ?? null;
    if (!dryRun) {
      if (backup.checked?.holdsQueues ?? facts.tool === 'reset-redis') await run.refuseWhileAlive();
      if (replace) await confirmReplacing(deps, file, backup.header);
    }
    const complete = dryRun
      ? await run.restore(undefined)
      : await withMaintenanceLock(deps, { tool: 'restore-backup', rules: RULES }, (lock) =>
          run.restore(lock),
        );
    const result: RestoreBackupResult = {
      backup: { file, ...facts, complete, checkedFirst: backup.checked !== undefined },
      server,
      dumpsChecked: run.dumpsChecked,
      sameTarget: isSameTarget(facts.target, deps.target.description),
      ...run.counts.result(complete),
    };
    return { outcome: complete === null ? 'stopped' : outcomeOf(run.counts, result, dryRun), result };
  } catch (error) {
    throw failureOf(error, deps.target, dryRun ? undefined : run.done);
  } finally {
    await backup.records.return({ complete: false });
  }
}

/** An incomplete backup may be a part of what was deleted, so restoring it is a part of the work. Pure. */
function outcomeOf({ written }: RestoreCounts, result: RestoreBackupResult, dryRun: boolean) {
  if (dryRun) return written + result.problemCount > 0 ? 'found' : 'clean';
  if (result.problemCount > 0 || result.backup.complete === false) return 'partial';
  return written > 0 ? 'repaired' : 'clean';
}
