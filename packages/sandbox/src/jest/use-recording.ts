import { beforeEach } from '@jest/globals';
import { loadRecording } from '../recording.js';
import { type BinRun, runBin } from '../run-bin.js';
import { type TestRedis, useEmptyRedis } from './use-redis.js';

/** A Redis that holds the recorded AsyncTaskFlow anew for each test. */
export interface Recorded extends TestRedis {
  /** Runs the tool on it. */
  run(...args: string[]): Promise<BinRun>;
}

/** Starts a Redis for a file's tests of a tool; what it gives is filled in when they run. */
export function useRecording(tool: string): Recorded {
  const used = useEmptyRedis();
  beforeEach(() => loadRecording(used.client));
  const run = (...args: string[]) => runBin(tool, ['--redis-url', used.redis.url, ...args]);
  return Object.assign(used, { run });
}
