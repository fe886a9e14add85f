import {
  type Deps,
  type HeldLock,
  type KeyRecord,
  kindOfKey,
  Pacer,
  type QueueRecord,
  readBackup,
  type ServerTimer,
  unlinkUnchanged,
} from '@atf/core';
import { type Deletion, noteDeleted } from './deletion.js';
import type { Scope } from './options.js';

/** Keys of one call at full pace. A dump does not tell how large its key is: the first calls are small at any pace. */
const BATCH = 250;

type SavedKey = Pick<KeyRecord | QueueRecord, 'key' | 'contentHash'>;

/**
 * Deletes the keys that a finished backup holds, those that are still as it has them. What it deletes is read from the
 * file: nothing else. Cost: one call for 250 keys, fewer if keys are large: the
 * server reads and hashes each once more, which blocks other clients for some ms, or as long as one key needs.
 */
export async function deleteSavedKeys(
  { target, signal, progress }: Deps,
  deletion: Deletion,
  { path, scope, lock }: { path: string; scope: Scope; lock: HeldLock },
): Promise<void> {
  const { records } = await readBackup(path);
  // By its own time also at full pace: a batch of huge keys would block others for seconds.
  const pacer = new Pacer({ size: BATCH, first: 1, min: 1, max: BATCH });
  let batch: SavedKey[] = [];
  const deleteBatch = async (timer?: ServerTimer) => {
    signal.throwIfAborted();
    deletion.unanswered = batch.length;
    const outcomes = await unlinkUnchanged(target.client, batch, { lock, timer });
    deletion.unanswered = 0;
    outcomes.forEach((outcome, i) => {
      if (outcome === 'changed') deletion.changed++;
      if (outcome !== 'deleted') return;
      // A key of AsyncTaskFlow without one of its names is a queue that an operator named.
      const kind = kindOfKey(Buffer.from(batch[i]!.key, 'base64').toString('latin1'));
      noteDeleted(deletion, kind ?? (scope === 'app' ? 'broker-queue' : undefined), 1);
    });
    batch = [];
    const total = deletion.backup?.records ?? 0;
    progress({ step: 'delete', what: 'Deleting keys', done: deletion.deleted, total });
  };
  for await (const record of records) {
    if (record.type === 'task') throw new Error('a backup of whole keys holds a task');
    batch.push(record);
    if (batch.length >= pacer.size) await pacer.run((_, timer) => deleteBatch(timer));
  }
  await deleteBatch();
}
