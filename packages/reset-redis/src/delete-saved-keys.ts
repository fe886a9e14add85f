import {
  type BackupRecord,
  type Deps,
  type DumpedKey,
  type HeldLock,
  kindOfKey,
  readBackup,
  unlinkUnchanged,
} from '@atf/core';
import { type Deletion, noteDeleted } from './deletion.js';

/** Keys of one call at the most. A dump does not tell how large its key is, so the time that a call takes bounds the next. */
const BATCH = 250;
const FAST_MS = 5;
const SLOW_MS = 10;

/**
 * Deletes the keys that a finished backup holds, those that are still as it has them. What it deletes is read from the
 * file: nothing goes that is not in it. Cost: one call for 250 keys, fewer where keys are large: the
 * server reads and hashes each once more, which blocks other clients for about 10 ms, or as long as one key needs.
 */
export async function deleteSavedKeys(
  deps: Deps,
  deletion: Deletion,
  { path, lock }: { path: string; lock: HeldLock },
): Promise<void> {
  const { records } = await readBackup(path);
  let batch: DumpedKey[] = [];
  let size = 1;
  for await (const record of records) {
    batch.push(dumpedOf(record));
    if (batch.length < size) continue;
    const startedAt = performance.now();
    await deleteBatch(deps, deletion, { batch, lock });
    size = nextSize(size, performance.now() - startedAt);
    batch = [];
  }
  await deleteBatch(deps, deletion, { batch, lock });
}

function nextSize(size: number, took: number): number {
  if (took > SLOW_MS) return Math.max(1, Math.floor(size / 2));
  return took < FAST_MS ? Math.min(BATCH, size * 2) : size;
}

async function deleteBatch(
  deps: Deps,
  deletion: Deletion,
  { batch, lock }: { batch: readonly DumpedKey[]; lock: HeldLock },
): Promise<void> {
  deps.signal.throwIfAborted();
  deletion.underWay = batch.length;
  const fates = await unlinkUnchanged(deps.target.primaries[0], batch, lock);
  deletion.underWay = 0;
  fates.forEach((fate, i) => {
    if (fate === 'changed') deletion.changed++;
    if (fate === 'deleted') noteDeleted(deletion, kindOfKey(batch[i]!.key.toString('latin1')), 1);
  });
  deps.progress({ what: 'Deleting keys', done: deletion.deleted, total: deletion.backedUp ?? 0 });
}

function dumpedOf(record: BackupRecord): DumpedKey {
  if (record.type !== 'key') throw new Error(`a backup of whole keys holds a ${record.type}`);
  return { key: Buffer.from(record.key, 'base64'), record, mark: Buffer.from(record.mark) };
}
