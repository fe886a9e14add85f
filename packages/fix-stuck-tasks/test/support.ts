import { type Deps, depsOf, type Redis, targetOf } from '@atf/core';
import { RECORDING } from '@atf/sandbox';
import { type TestRedis, useEmptyRedis } from '@atf/sandbox/jest';

/** A Redis for the tests of a file, empty before each of them. */
export interface Bench extends TestRedis {
  /** With the clock at a moment; default: the real one. */
  deps(now?: Date): Deps;
}

export function useBench(): Bench {
  const used = useEmptyRedis();
  const deps = (now?: Date): Deps => ({
    ...depsOf(targetOf(used.client as unknown as Redis)),
    ...(now ? { now: () => now } : {}),
  });
  return Object.assign(used, { deps });
}

export const FIX = { dryRun: false };
export const LOOK = { dryRun: true };
/** An hour after the recording's last time. */
export const HOUR_LATER = new Date(RECORDING.endedAt.getTime() + 3_600_000);
export const MINUTE_LATER = new Date(RECORDING.endedAt.getTime() + 60_000);
