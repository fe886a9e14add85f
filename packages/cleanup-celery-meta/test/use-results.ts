import {
  type BinRun,
  celeryMeta,
  celeryMetaKey,
  type RunBinOptions,
  runBin,
  seedAsyncTaskFlow,
} from '@atf/sandbox';
import { type TestRedis, useEmptyRedis, useFolder } from '@atf/sandbox/jest';
import { beforeEach } from '@jest/globals';

/** A Redis with an AsyncTaskFlow and keys of others in it, for each test anew; results are added by the test. */
export interface Results extends TestRedis {
  /** A folder for backups. */
  folder: string;
  /** DEBUG DIGEST of all databases as they were before results were added. */
  digestWithout: string;
  run(args?: readonly string[], options?: RunBinOptions): Promise<BinRun>;
  /** Adds results that were done so many milliseconds ago; returns their keys. */
  add(count: number, options?: { ageMs?: number; ttl?: number }): Promise<string[]>;
  /** Notes the digest anew: what is there now is to stay. */
  keep(): Promise<void>;
  left(): Promise<string[]>;
}

/** Starts a Redis for this file's tests; what it gives is filled in when they run. */
export function useResults(): Results {
  let added = 0;
  const results = useEmptyRedis() as Results;
  Object.assign(results, {
    folder: useFolder(),
    run: (args = [], options = {}) =>
      runBin('cleanup-celery-meta', ['--redis-url', results.redis.url, ...args], options),
    async add(count, { ageMs = 0, ttl } = {}) {
      const doneAt = `${new Date(Date.now() - ageMs).toISOString().slice(0, -1)}+00:00`;
      const keys = Array.from({ length: count }, () => celeryMetaKey(`00000000-0000-4000-8000-${added++}`));
      const expiration = ttl === undefined ? {} : { expiration: { type: 'EX' as const, value: ttl } };
      await Promise.all(keys.map((key) => results.client.set(key, celeryMeta(key, doneAt), expiration)));
      return keys;
    },
    async keep() {
      results.digestWithout = await results.digest();
    },
    left: async () => (await results.client.keys('celery-task-meta-*')).sort(),
  } satisfies Partial<Results>);
  beforeEach(async () => {
    const { client } = results;
    await client.select(3);
    await client.set(celeryMetaKey('in-another-database'), 'x');
    await client.select(0);
    await seedAsyncTaskFlow(client, { tasks: 60, seed: 1, foreignKeys: 20 });
    await client.set('celery-task-metadata', 'x');
    await results.keep();
  });
  return results;
}
