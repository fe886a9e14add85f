import {
  type BinRun,
  loadRecording,
  runBin,
  type SandboxClient,
  type SandboxRedis,
  startRedis,
} from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';

/** A Redis that holds the recorded AsyncTaskFlow anew for each test. */
export interface Recorded {
  redis: SandboxRedis;
  client: SandboxClient;
  /** Runs initialize-counters on it. */
  run(...args: string[]): Promise<BinRun>;
}

/** Starts a Redis for this file's tests; what it gives is filled in when they run. */
export function useRecording(): Recorded {
  const recorded = {
    run: (...args: string[]) => runBin('initialize-counters', ['--redis-url', recorded.redis.url, ...args]),
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
