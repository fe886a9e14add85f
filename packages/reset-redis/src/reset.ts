import {
  type BackupWriter,
  countKeys,
  type Deps,
  findWorkers,
  type MaintenanceLock,
  refuseUnusableBackup,
  refuseWhileAlive,
  StoppedError,
  startBackup,
  withMaintenanceLock,
} from '@atf/core';
import { deleteOwnKeys } from './delete-own-keys.js';
import { deleteSavedKeys } from './delete-saved-keys.js';
import { type Deletion, deletionFailure, newDeletion } from './deletion.js';
import { flushDatabase } from './flush-database.js';
import type { Scope } from './options.js';
import { rulesOf } from './permissions.js';
import { saveKeys } from './save-keys.js';
import { deleteShared, removeMessages } from './shared/delete-shared.js';
import { planKeys, sharedSummary } from './shared/find-shared.js';
import type { PlannedKey } from './shared/plan-shared.js';

const TOOL = 'reset-redis';

export interface ResetSettings {
  scope: Scope;
  force: boolean;
  backup: string | undefined;
}

/** What was done, and whether it was stopped before its end. */
export interface ResetRun {
  deletion: Deletion;
  stopped: boolean;
}

/**
 * Deletes the keys of the scope, then checks what is left. With a backup every key is in the file before the first one is deleted, and
 * keys that changed since are kept. The maintenance lock is held all the time.
 * @throws AtfError `LOCKED`; `GUARD` while workers are alive; `BACKUP`; what Redis refuses, with what was deleted in `done`
 */
export async function reset(deps: Deps, settings: ResetSettings): Promise<ResetRun> {
  const rules = rulesOf({ flushes: settings.scope === 'db', saves: settings.backup !== undefined });
  return await withMaintenanceLock(deps, { tool: TOOL, rules }, (lock) =>
    resetUnderLock(deps, settings, lock),
  );
}

async function resetUnderLock(deps: Deps, settings: ResetSettings, lock: MaintenanceLock): Promise<ResetRun> {
  const { scope, backup: path } = settings;
  const deletion = newDeletion(path !== undefined ? 'saved-keys' : scope === 'db' ? 'flush' : 'own-keys');
  let backup: BackupWriter | undefined;
  try {
    const planned = scope === 'app' ? (await planKeys(deps)).planned : [];
    if (path !== undefined) backup = await save(deps, deletion, { scope, planned, path, lock });
    if (!settings.force) refuseWhileAlive(await findWorkers(deps));
    if (backup) await deleteSavedKeys(deps, deletion, { path: backup.path, scope, lock });
    else if (scope === 'db') await flushDatabase(deps, deletion, lock);
    else {
      await deleteOwnKeys(deps, deletion, lock);
      await deleteShared(deps, planned, { deletion, lock });
      await removeMessages(deps, planned, { deletion, lock });
    }
    await verify(deps, deletion, scope);
    return { deletion, stopped: false };
  } catch (error) {
    if (error instanceof StoppedError) return { deletion, stopped: true };
    throw deletionFailure(error, deps.target, deletion);
  } finally {
    if (backup && deletion.deleted + deletion.unanswered === 0) {
      await backup.close({ keep: false });
      deletion.backup = null;
    }
  }
}

async function save(
  deps: Deps,
  deletion: Deletion,
  { path, ...what }: { scope: Scope; planned: readonly PlannedKey[]; path: string; lock: MaintenanceLock },
): Promise<BackupWriter> {
  await refuseUnusableBackup(path);
  const backup = await startBackup(deps, { path, tool: TOOL });
  try {
    await saveKeys(deps, backup, what);
    await backup.close({ keep: true });
    deletion.backup = { path: backup.path, records: backup.records };
    return backup;
  } catch (error) {
    await backup.abandon();
    throw error;
  }
}

/** Counts the keys of the scope that are there after all, and those that stayed because they are not AsyncTaskFlow's. */
async function verify(deps: Deps, deletion: Deletion, scope: Scope): Promise<void> {
  const keys = await countKeys(deps.target.client);
  if (keys === 0 || scope === 'db') {
    deletion.left = keys;
    deletion.unrelatedKept = scope === 'db' ? null : 0;
    return;
  }
  const { exclusive, unrelated, planned } = await planKeys(deps);
  deletion.left = exclusive + planned.filter(({ action }) => action === 'delete').length;
  deletion.shared = sharedSummary(planned);
  deletion.unrelatedKept = unrelated;
}
