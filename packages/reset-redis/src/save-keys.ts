import { type BackupWriter, type Deps, dumpKeys, type KeyRecord, type MaintenanceLock } from '@atf/core';
import { isOwn } from './key-classes.js';
import type { Scope } from './options.js';
import { scanKeys } from './scan-keys.js';

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
  { scope, lock }: { scope: Scope; lock: MaintenanceLock },
): Promise<void> {
  const { client } = deps.target;
  let waiting: KeyRecord[] = [];
  let bytes = 0;
  let fetched = 1;
  const save = async () => {
    deps.signal.throwIfAborted();
    lock.throwIfLost();
    await backup.save(waiting);
    waiting = [];
    bytes = 0;
    deps.progress({ step: 'save', what: 'Saving keys', done: backup.records });
  };
  for await (const page of scanKeys(deps)) {
    const keys = page.filter(({ keyClass }) => scope === 'db' || isOwn(keyClass)).map(({ key }) => key);
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
  if (waiting.length > 0) await save();
}
