import type { Redis } from './client.js';
import { type HeldLock, MAINTENANCE_LOCK_KEY } from './maintenance-lock.js';
import { type Operands, runScript, type Script } from './script.js';

/**
 * Runs a script whose first include is `@atf/core/redis/under-lock`: the same atomic step first checks the lock and the permissions.
 * On a server with replicas it now and then waits until one of them has all writes so far.
 * Cost: one call, as `runScript`, and now and then a WAIT on a server with replicas.
 * @throws the server's error `LOCKLOST`, which `failureOf` maps to `LOCKED`: then nothing of this step was done
 */
export async function runUnderLock<Reply>(
  client: Redis,
  script: Script,
  { lock, keys = [], args = [], timer }: Operands & { lock: HeldLock },
): Promise<Reply> {
  const reply = await runScript<Reply>(client, script, {
    keys: [...keys, MAINTENANCE_LOCK_KEY],
    args: [...args, lock.value, lock.rules],
    timer,
  });
  await lock.confirm?.();
  return reply;
}
