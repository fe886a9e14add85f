import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { loadRecording } from '../recording.js';
import type { SandboxClient } from '../redis-client.js';
import { type SandboxRedis, startRedis } from '../redis-server.js';
import { type BinRun, runBin } from '../run-bin.js';

/** A Redis that holds the recorded AsyncTaskFlow anew for each test. */
export interface Recorded {
  redis: SandboxRedis;
  client: SandboxClient;
  /** Runs the tool on it. */
  run(...args: string[]): Promise<BinRun>;
}

/** Starts a Redis for a file's tests of a tool; what it gives is filled in when they run. */
export function useRecording(tool: string): Recorded {
  const recorded = {
    run: (...args: string[]) => runBin(tool, ['--redis-url', recorded.redis.url, ...args]),
  } as Recorded;
  beforeAll(async () => {
    recorded.redis = await startRedis({ args: ['--enable-debug-command', 'yes'] });
    recorded.client = await recorded.redis.client();
  });
  afterAll(() => recorded.redis.stop());
  beforeEach(async () => {
    await recorded.client.flushDb();
    await loadRecording(recorded.client);
  });
  return recorded;
}
