import type { SandboxClient } from './redis-client.js';
import type { Moment } from './run-behind-proxy.js';

/** The key of the lock that keeps two tools from writing at once. */
export const MAINTENANCE_LOCK = 'atf:maintenance-lock';
/** Who holds it after {@link holdLock}, as an error says it. */
export const LOCK_HOLDER = 'other-tool on elsewhere since 2026-11-22T15:10:00.000Z';

const VALUE = JSON.stringify({
  tool: 'other-tool',
  host: 'elsewhere',
  since: '2026-11-22T15:10:00.000Z',
  token: 'its own',
});

/** Takes the lock as another tool does, also away from the one that holds it. It stays for an hour. */
export async function holdLock(client: SandboxClient): Promise<void> {
  await client.set(MAINTENANCE_LOCK, VALUE, { expiration: { type: 'EX', value: 3_600 } });
}

/** The moment at which a tool that was refused the lock tries again: then it is free. */
export const freeAtSecondTry = (client: SandboxClient, url: string): Moment => ({
  url,
  command: 'EVALSHA',
  number: 2,
  async act() {
    await client.del(MAINTENANCE_LOCK);
    return 'pass' as const;
  },
});

/** True while the lock is held by {@link holdLock}. */
export async function isLockHeld(client: SandboxClient): Promise<boolean> {
  return (await client.get(MAINTENANCE_LOCK)) === VALUE;
}
