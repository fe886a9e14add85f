import type { Redis } from './client.js';
import { MAINTENANCE_LOCK_KEY, type MaintenanceLock } from './maintenance-lock.js';
import { type Operands, runScript, type Script } from './script.js';

/** What a write under the lock needs of it. */
export type HeldLock = Pick<MaintenanceLock, 'value'>;

/**
 * Runs a script whose first include is `@atf/core/redis/under-lock`: the same atomic step checks that the lock is still held.
 * Cost: one call, as `runScript`.
 * @throws the server's error `LOCKLOST`, which `failureOf` maps to `LOCKED`: then nothing of this step was done
 */
export async function runUnderLock<Reply>(
  client: Redis,
  script: Script,
  { lock, keys = [], args = [] }: Operands & { lock: HeldLock },
): Promise<Reply> {
  return await runScript<Reply>(client, script, {
    keys: [...keys, MAINTENANCE_LOCK_KEY],
    args: [...args, lock.value],
  });
}
