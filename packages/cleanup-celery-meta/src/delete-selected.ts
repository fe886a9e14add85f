import { type BackupWriter, type Deps, dumpKeys, type HeldLock, loadScript, runUnderLock } from '@atf/core';
import type { Deletion } from './deletion.js';
import { type Selected, type Selection, selectResults } from './select-results.js';

const DELETE_JUDGED = loadScript(import.meta.url, './delete-judged.lua');

/**
 * Deletes the results of a selection in batches. It reads and judges a batch, saves it if there is a backup, and deletes each result
 * that has not changed since. A result that has changed is left alone and counted.
 *
 * Cost: three calls for 500 keys of the database. A backup costs one more call for each result, and one sync to disk for each batch.
 */
export async function deleteSelected(
  deps: Deps,
  deletion: Deletion,
  { backup, lock, ...selection }: Selection & { backup: BackupWriter | undefined; lock: HeldLock },
): Promise<void> {
  for await (const selected of selectResults(deps, deletion.counts, selection)) {
    const hashed = backup
      ? await save(deps, backup, selected)
      : selected.map((result) => ({ ...result, savedHash: '' }));
    if (backup) deletion.backup = { path: backup.path, records: backup.records };
    deps.signal.throwIfAborted();
    if (hashed.length > 0) await deleteHashed(deps, deletion, { hashed, lock });
    deps.progress({ step: 'delete', what: 'Deleting results', done: deletion.deleted });
  }
}

type Hashed = Selected & { savedHash: string };

/** Saves the results that still exist, and returns them with a hash of what was saved. */
async function save(
  { target }: Deps,
  backup: BackupWriter,
  selected: readonly Selected[],
): Promise<Hashed[]> {
  const records = await dumpKeys(
    target.client,
    selected.map(({ key }) => key),
  );
  await backup.save(records);
  const hashOf = new Map(records.map(({ key, contentHash }) => [key, contentHash]));
  return selected.flatMap((result) => {
    const savedHash = hashOf.get(result.key.toString('base64'));
    return savedHash ? [{ ...result, savedHash }] : [];
  });
}

async function deleteHashed(
  { target }: Deps,
  deletion: Deletion,
  { hashed, lock }: { hashed: readonly Hashed[]; lock: HeldLock },
): Promise<void> {
  deletion.unanswered = hashed.length;
  const letters = await runUnderLock<Buffer>(target.client, DELETE_JUDGED, {
    lock,
    keys: hashed.map(({ key }) => key),
    args: hashed.flatMap(({ hash, savedHash }) => [hash, savedHash]),
  });
  deletion.unanswered = 0;
  const count = (letter: string) => letters.toString().split(letter).length - 1;
  deletion.deleted += count('D');
  deletion.changed += count('C');
}
