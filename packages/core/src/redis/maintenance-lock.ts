import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { plainText } from '../report/plain-text.js';
import { DENIED_COMMAND } from './denied-command.js';
import { loadScript, runScript } from './script.js';

/** String with a TTL: who works on the data just now, and since when. Absent when nobody does. */
export const MAINTENANCE_LOCK_KEY = 'atf:maintenance-lock';

/** One that was killed leaves the lock for no longer than this. */
const HELD_MS = 30_000;
const RENEWED_MS = 10_000;

const TAKE_LOCK = loadScript(import.meta.url, DENIED_COMMAND, './take-lock.lua');
const RENEW_LOCK = loadScript(import.meta.url, './renew-lock.lua');

/** The lock while it is held. */
export interface MaintenanceLock {
  /** What stands in the lock's key: a write that needs the lock compares it in its atomic step. */
  readonly value: string;
  /** Gives it back, unless somebody else holds it by now. Never throws: it ends by itself. */
  release(): Promise<void>;
}

/**
 * Takes the lock that keeps two tools from repairing the same data at once, and renews it until it is released.
 * Cost: one call, and one every 10 s.
 * @throws AtfError `LOCKED` that says who holds it and since when
 */
export async function takeMaintenanceLock(
  { target, now }: Pick<Deps, 'target' | 'now'>,
  tool: string,
): Promise<MaintenanceLock> {
  const [client] = target.primaries;
  const holder = { tool, host: hostname(), since: now().toISOString(), token: randomUUID() };
  const value = JSON.stringify(holder);
  const other = await runScript<Buffer | null>(client, TAKE_LOCK, {
    keys: [MAINTENANCE_LOCK_KEY],
    args: [value, String(HELD_MS)],
  });
  if (other) throw lockedBy(other);
  const hold = (ms: number) =>
    runScript(client, RENEW_LOCK, { keys: [MAINTENANCE_LOCK_KEY], args: [value, String(ms)] }).catch(
      () => {},
    );
  const renewal = setInterval(() => hold(HELD_MS), RENEWED_MS);
  renewal.unref();
  return {
    value,
    async release() {
      clearInterval(renewal);
      if (client.isReady) await hold(0);
    },
  };
}

/** The refusal where somebody else holds the lock, told from what stands in it. */
export function lockedBy(value: unknown): AtfError {
  return new AtfError('LOCKED', 'another tool is at work on this data', {
    why: `the lock ${MAINTENANCE_LOCK_KEY} is held by ${holderOf(String(value ?? 'nobody any more'))}`,
    hint: 'Run it again when that has ended; a lock that was left behind goes within 30 s.',
  });
}

function holderOf(value: string): string {
  try {
    const { tool, host, since } = JSON.parse(value) as Record<string, unknown>;
    return plainText(`${tool} on ${host} since ${since}`);
  } catch {
    return plainText(value);
  }
}
