import type { Redis } from './client.js';
import { LOCK_LOST } from './lock-lost.js';
import { MAINTENANCE_LOCK_KEY, type MaintenanceLock } from './maintenance-lock.js';
import { loadScript, type Operands, runScript, type Script } from './script.js';

/** First head of a script that {@link runUnderLock} runs: it ends the script where the lock is lost. */
export const UNDER_LOCK = loadScript(import.meta.url, LOCK_LOST, './under-lock.lua');

/** What a write under the lock needs of it. */
export type HeldLock = Pick<MaintenanceLock, 'value'>;

/**
 * Runs a script whose first head is {@link UNDER_LOCK}: in the same atomic step it is seen that the lock is still held.
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
