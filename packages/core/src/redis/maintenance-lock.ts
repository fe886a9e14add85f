import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../deps.js';
import { WriteConfirmation } from './confirm-writes.js';
import { holderText, lockedBy, MAINTENANCE_LOCK_KEY, stoppedWhileWaiting } from './lock-holder.js';
import { checkedRules } from './permissions.js';
import { loadScript, runScript } from './script.js';
import { readServerInfo, replicaRefused } from './server-info.js';
import { describeTarget } from './target.js';

export { MAINTENANCE_LOCK_KEY } from './lock-holder.js';

/** The lock of a killed tool expires after this time. */
export const LOCK_HELD_MS = 30_000;
const RENEWED_MS = 10_000;
/** The pause between two tries: from this to twice as long, so that waiting tools do not all try at once. */
const RETRY_MS = 500;
/** The time limit for releasing the lock. It expires anyway. */
const RELEASED_MS = 1_000;
/** The time limit for the last confirmation by a replica: a second, and the round trip. */
const CONFIRMED_MS = 2_500;

const TAKE_LOCK = loadScript(import.meta.url, './take-lock.lua');
const RENEW_LOCK = loadScript(import.meta.url, './renew-lock.lua');

/** The lock while it is held. */
export interface MaintenanceLock {
  /** The value of the lock's key. A write that needs the lock compares it in its atomic step. */
  readonly value: string;
  /** The permissions that each write checks in its atomic step, before it does anything. */
  readonly rules: string;
  /**
   * For long work between two writes, which is in vain once the lock is lost. Costs nothing: a renewal has seen it.
   * @throws AtfError `LOCKED`
   */
  throwIfLost(): void;
  /** Call it after each write: now and then it resolves only when a replica has all writes so far, or has failed to confirm them. */
  confirm(): Promise<void>;
  /**
   * Lets a replica confirm everything that was written, and releases the lock unless somebody else holds it by now. Never throws,
   * because the lock expires anyway.
   */
  release(): Promise<void>;
}

/** What a write under the lock needs of it. */
export type HeldLock = Pick<MaintenanceLock, 'value' | 'rules'> & Partial<Pick<MaintenanceLock, 'confirm'>>;

/** Who takes the lock: a tool, and the permissions that all of its work under the lock needs, in the words of `ACL SETUSER`. */
export interface LockUser {
  tool: string;
  rules: readonly string[];
}

/** What taking the lock needs; without `lockWaitMs` there is no waiting. */
export type LockDeps = Pick<Deps, 'target' | 'now'> &
  Partial<Pick<Deps, 'signal' | 'progress' | 'lockWaitMs' | 'replicaConfirmation'>>;

/**
 * Takes the lock that keeps two tools from repairing the same data at once, and renews it until it is released. If
 * another tool holds it, waits for up to `deps.lockWaitMs`.
 * Cost: two calls, one a second while it waits, and one every 10 s while it is held.
 * @throws AtfError `LOCKED` that says who holds it and since when; what stops the run while it waits; the server's error `NOPERM`
 * if a permission is missing; `READ_ONLY` on a replica
 */
export async function takeMaintenanceLock(
  deps: LockDeps,
  { tool, rules }: LockUser,
): Promise<MaintenanceLock> {
  const { target, now, signal, progress, lockWaitMs = 0 } = deps;
  const { client } = target;
  const checked = checkedRules(rules);
  const server = await readServerInfo(client);
  if (server?.replica) throw replicaRefused(server.replica.primary, describeTarget(target.description));
  const startedAt = performance.now();
  for (;;) {
    const value = JSON.stringify({
      tool,
      host: hostname(),
      since: now().toISOString(),
      token: randomUUID(),
    });
    const other = await runScript<Buffer | null>(client, TAKE_LOCK, {
      keys: [MAINTENANCE_LOCK_KEY],
      args: [value, String(LOCK_HELD_MS), checked],
    });
    if (other === null) return hold(deps, { value, rules: checked }, new WriteConfirmation(client, server));
    const waited = performance.now() - startedAt;
    if (waited >= lockWaitMs) throw lockedBy(other, lockWaitMs);
    progress?.({
      step: 'wait-for-lock',
      what: `Waiting for ${holderText(other)}`,
      done: Math.round(waited / 1_000),
      total: Math.round(lockWaitMs / 1_000),
      unit: 's',
    });
    const pause = Math.min(RETRY_MS * (1 + Math.random()), lockWaitMs - waited);
    await sleep(pause, undefined, signal ? { signal } : {}).catch(() => {});
    if (signal?.aborted) throw stoppedWhileWaiting(signal.reason, other);
  }
}

/** Does work while the lock is held, and releases the lock however the work ends. See {@link takeMaintenanceLock}. */
export async function withMaintenanceLock<Result>(
  deps: LockDeps,
  user: LockUser,
  work: (lock: MaintenanceLock) => Promise<Result>,
): Promise<Result> {
  const lock = await takeMaintenanceLock(deps, user);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

function hold(
  { target: { client }, replicaConfirmation }: LockDeps,
  { value, rules }: HeldLock,
  confirmation: WriteConfirmation,
): MaintenanceLock {
  let lost: { to: unknown } | undefined;
  const renew = (ms: number) =>
    runScript<number | Buffer>(client, RENEW_LOCK, {
      keys: [MAINTENANCE_LOCK_KEY],
      args: [value, String(ms)],
    });
  // A renewal that fails is tried again at the next interval. One that finds the lock lost is the last: somebody else may have
  // worked since. While one has no answer, no other is sent: each write would delay the time-out of a silent connection.
  let unanswered: Promise<number | Buffer> | undefined;
  const renewal = setInterval(async () => {
    if (unanswered) return;
    unanswered = renew(LOCK_HELD_MS).catch(() => 1);
    const reply = await unanswered;
    unanswered = undefined;
    if (reply === 1) return;
    lost = { to: reply };
    clearInterval(renewal);
  }, RENEWED_MS);
  renewal.unref();
  return {
    value,
    rules,
    throwIfLost() {
      if (lost) throw lockedBy(lost.to);
    },
    confirm: () => confirmation.confirm(),
    async release() {
      if (client.isReady) await within(CONFIRMED_MS, confirmation.finish());
      replicaConfirmation?.(confirmation.state);
      clearInterval(renewal);
      const giveBack = async () => {
        await unanswered; // see above: one at a time
        if (client.isReady && !lost) await renew(0);
      };
      await within(RELEASED_MS, giveBack());
    },
  };
}

/** Waits for work that may fail, but no longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work.catch(() => {}), sleep(ms, undefined, { ref: false })]);
}
