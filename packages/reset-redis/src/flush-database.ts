import {
  countKeys,
  type Deps,
  type HeldLock,
  LOCK_HELD_MS,
  loadScript,
  MAINTENANCE_LOCK_KEY,
  runUnderLock,
} from '@atf/core';
import type { Deletion } from './deletion.js';

const FLUSH_DATABASE = loadScript(import.meta.url, './flush-database.lua');

/** Empties this database, and no other one; memory is freed in another thread. Cost: two calls. */
export async function flushDatabase(
  { target, signal }: Deps,
  deletion: Deletion,
  lock: HeldLock,
): Promise<void> {
  const { client } = target;
  const keys = await countKeys(client);
  signal.throwIfAborted();
  deletion.unanswered = keys;
  deletion.deleted = await runUnderLock<number>(client, FLUSH_DATABASE, {
    lock,
    keys: [MAINTENANCE_LOCK_KEY],
    args: [lock.value, String(LOCK_HELD_MS)],
  });
  deletion.unanswered = 0;
}
