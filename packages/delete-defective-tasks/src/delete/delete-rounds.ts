import { type BackupWriter, type Deps, failureOf, type HeldLock, StoppedError, startBackup } from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import { deleteRound } from './delete-round.js';
import { type Deletion, newDeletion, reached, workDone } from './deletion.js';

export interface DeletionOptions {
  backup: string | undefined;
  lock: HeldLock;
  /** The tasks that a report shows. */
  shown: readonly Candidate[];
}

/**
 * Deletes tasks round by round. With a path for a backup, it saves each task first and writes the end record last. Ends early if
 * the run is stopped.
 * @throws what Redis refuses, with the work done until then; AtfError `LOCKED`; `BACKUP`
 */
export async function deleteRounds(
  deps: Deps,
  rounds: AsyncIterable<readonly Candidate[]>,
  { backup: path, lock, shown }: DeletionOptions,
): Promise<Deletion> {
  const deletion = newDeletion(shown);
  let backup: BackupWriter | undefined;
  try {
    if (path !== undefined) backup = await startBackup(deps, { path, tool: 'delete-defective-tasks' });
    for await (const round of rounds) await deleteRound(deps, round, { deletion, backup, lock });
  } catch (error) {
    deletion.stopped = error instanceof StoppedError && reached(deletion) > 0;
    if (!deletion.stopped) {
      await backup?.abandon();
      throw failureOf(error, deps.target, workDone(deletion));
    }
  }
  const file = await backup?.close({ keep: deletion.counts.deleted > 0 }).catch((error: unknown) => {
    throw failureOf(error, deps.target, workDone(deletion));
  });
  deletion.backup = file ?? null;
  return deletion;
}
