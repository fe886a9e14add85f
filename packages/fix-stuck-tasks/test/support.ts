import { type Deps, depsOf, type Redis, targetOf } from '@atf/core';
import { debugDigest, RECORDING, type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';

/** A Redis for the tests of a file, empty before each of them. */
export interface Bench {
  redis: SandboxRedis;
  client: SandboxClient;
  /** With the clock at a moment; default: the real one. */
  deps(now?: Date): Deps;
  digest(): Promise<string>;
}

export function useRedis(): Bench {
  const bench = {
    deps: (now) => ({
      ...depsOf(targetOf(bench.client as unknown as Redis)),
      ...(now ? { now: () => now } : {}),
    }),
    digest: () => debugDigest(bench.client),
  } as Bench;
  beforeAll(async () => {
    bench.redis = await startRedis({ args: ['--enable-debug-command', 'yes'] });
    bench.client = await bench.redis.client();
  });
  afterAll(() => bench.redis.stop());
  beforeEach(async () => {
    await bench.client.flushAll();
  });
  return bench;
}

export const FIX = { dryRun: false };
export const LOOK = { dryRun: true };
/** An hour after the recording's last time. */
export const HOUR_LATER = new Date(RECORDING.endedAt.getTime() + 3_600_000);
export const MINUTE_LATER = new Date(RECORDING.endedAt.getTime() + 60_000);
