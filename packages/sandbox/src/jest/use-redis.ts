import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { debugDigest } from '../count-states.js';
import type { SandboxClient } from '../redis-client.js';
import { type SandboxRedis, startRedis } from '../redis-server.js';

/** A Redis for the tests of a file, or of a describe. */
export interface TestRedis {
  redis: SandboxRedis;
  client: SandboxClient;
  /** One hash over all that its databases hold. */
  digest(): Promise<string>;
}

/** Starts a Redis for the tests that follow, and stops it behind them; what it gives is filled in when they run. */
export function useRedis(): TestRedis {
  const used = { digest: () => debugDigest(used.client) } as TestRedis;
  beforeAll(async () => {
    used.redis = await startRedis({ args: ['--enable-debug-command', 'yes'] });
    used.client = await used.redis.client();
  });
  afterAll(() => used.redis.stop());
  return used;
}

/** The same, and empty before each of the tests. */
export function useEmptyRedis(): TestRedis {
  const used = useRedis();
  beforeEach(async () => {
    await used.client.flushAll();
  });
  return used;
}
