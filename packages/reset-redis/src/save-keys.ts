import {
  type BackupRecord,
  type BackupWriter,
  type Deps,
  dumpKeys,
  isSavedByEntry,
  KEY_KINDS,
  type MaintenanceLock,
  saveQueue,
} from '@atf/core';
import { isExclusive, isOfKind } from './key-classes.js';
import type { Scope } from './options.js';
import { type ClassedKey, scanKeys } from './scan-keys.js';
import type { PlannedKey } from './shared/plan-shared.js';

/** Dumps are fetched so many at a time, one by one once they are large. */
const FETCHED = 16;
const LARGE_BYTES = 65_536;
/** They are saved with one sync to disk when they are so many or so large. */
const SAVED = 500;
const SAVED_BYTES = 2_000_000;

/**
 * Saves every key of the scope; nothing is deleted. Memory: some dumps; a key of many megabytes takes several times as much.
 * Cost: that of `scanKeys`, a call for each key, and a sync to disk for 500.
 * @throws AtfError `BACKUP` if the disk is full or fails; `LOCKED` once the lock is lost
 */
export async function saveKeys(
  deps: Deps,
  backup: BackupWriter,
  { scope, planned, lock }: { scope: Scope; planned: readonly PlannedKey[]; lock: MaintenanceLock },
): Promise<void> {
  const { client } = deps.target;
  const shared = new Set(
    planned.filter(({ action }) => action === 'delete').map(({ key }) => key.toString('latin1')),
  );
  const isInScope = ({ key, keyClass }: ClassedKey) =>
    scope === 'db' || (isOfKind(keyClass) && (isExclusive(keyClass) || shared.has(key.toString('latin1'))));
  let waiting: BackupRecord[] = [];
  let bytes = 0;
  let fetched = 1;
  /** They are saved and deleted last: if the deletion is cut off, the queue still holds the ids of the tasks that are left. */
  const queues: Buffer[] = [];
  const save = async () => {
    deps.signal.throwIfAborted();
    lock.throwIfLost();
    await backup.save(waiting);
    waiting = [];
    bytes = 0;
    deps.progress({ step: 'save', what: 'Saving keys', done: backup.records });
  };
  for await (const page of scanKeys(deps)) {
    const selected = page.filter(isInScope);
    const isQueue = ({ keyClass }: ClassedKey) =>
      isOfKind(keyClass) && isSavedByEntry(KEY_KINDS[keyClass]!.kind);
    queues.push(...selected.filter(isQueue).map(({ key }) => key));
    const keys = selected.filter((found) => !isQueue(found)).map(({ key }) => key);
    while (keys.length > 0) {
      const before = bytes;
      for (const record of await dumpKeys(client, keys.splice(0, fetched))) {
        waiting.push(record);
        bytes += record.dump.length;
      }
      fetched = bytes - before > fetched * LARGE_BYTES ? 1 : Math.min(fetched * 2, FETCHED);
      if (waiting.length >= SAVED || bytes >= SAVED_BYTES) await save();
    }
  }
  for (const key of queues) {
    const record = await saveQueue(client, key);
    waiting.push(...(record ? [record] : await dumpKeys(client, [key])));
    await save();
  }
  if (waiting.length > 0) await save();
}
