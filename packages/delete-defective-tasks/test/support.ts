import { type Deps, depsOf, type Redis, targetOf } from '@atf/core';
import { debugDigest, type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { DeleteDefectiveTasksOptions } from '../src/delete-defective-tasks.js';

/** A Redis for the tests of a file, empty before each of them. */
export interface Bench {
  redis: SandboxRedis;
  client: SandboxClient;
  deps(): Deps;
  digest(): Promise<string>;
}

export function useRedis(): Bench {
  const bench = {
    deps: () => depsOf(targetOf(bench.client as unknown as Redis)),
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

export const DELETE: DeleteDefectiveTasksOptions = { dryRun: false, include: [], maxDefectivePercent: 100 };
export const LOOK: DeleteDefectiveTasksOptions = { ...DELETE, dryRun: true };
/** A task that nothing is wrong with, but for its `task_id`. */
export const SOUND = {
  state: 'COMPLETED',
  created_at: '2026-11-22T15:10:00',
  retry_count: '0',
  max_retries: '3',
};
