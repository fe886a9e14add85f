import {
  type BinRun,
  type RunBinOptions,
  runBin,
  type SandboxClient,
  type SeedManifest,
  seedAsyncTaskFlow,
} from '@atf/sandbox';
import { type TestRedis, useEmptyRedis, useFolder } from '@atf/sandbox/jest';
import { beforeEach } from '@jest/globals';

/** A Redis with keys of others and, on top of them, an AsyncTaskFlow; anew for each test. */
export interface System extends TestRedis {
  manifest: SeedManifest;
  /** A folder for backups. */
  folder: string;
  /** DEBUG DIGEST of all databases without AsyncTaskFlow, and with it. */
  digestWithout: string;
  digestWith: string;
  run(args?: readonly string[], options?: RunBinOptions): Promise<BinRun>;
  /** Ends the workers as a long time does: their heartbeats are gone. */
  stopWorkers(): Promise<void>;
}

/** How many keys of database 0 are not AsyncTaskFlow's. */
export const FOREIGN = 9;

/** Keys of others: some have a name of AsyncTaskFlow's, but a type that it does not write there, or a name much like one. */
async function writeUnrelatedKeys(client: SandboxClient): Promise<void> {
  await client.set('task:a-string', 'x');
  await client.lPush('task:a-list', 'x');
  await client.hSet('celery-task-meta-a-hash', 'x', 'y');
  await client.zAdd('openrouter:a-zset', { score: 1, value: 'x' });
  await client.set('tasks:scheduled:old', 'x');
  await client.hSet('my:task:1', 'state', 'ACTIVE');
  await client.lPush('a-list', 'x');
  await client.set(Buffer.from([0xff, 0x00, 0x0a, 0x1b]), 'x', { expiration: { type: 'EX', value: 3_600 } });
  await client.xAdd('worker:heartbeat:a-stream', '*', { x: 'y' });
}

/** Starts a Redis for this file's tests; what it gives is filled in when they run. */
export function useSystem(): System {
  const system = useEmptyRedis() as System;
  Object.assign(system, {
    folder: useFolder(),
    run: (args = [], options = {}) =>
      runBin('reset-redis', ['--redis-url', system.redis.url, ...args], options),
    async stopWorkers() {
      await system.client.del(system.manifest.workers.map((worker) => `worker:heartbeat:${worker}`));
      system.digestWith = await system.digest();
    },
  } satisfies Partial<System>);
  beforeEach(async () => {
    const { client } = system;
    await client.select(5);
    await client.hSet('task:in-another-database', 'state', 'ACTIVE');
    await client.select(0);
    await writeUnrelatedKeys(client);
    system.digestWithout = await system.digest();
    system.manifest = await seedAsyncTaskFlow(client, {
      tasks: 300,
      seed: 1,
      celeryMeta: { count: 20, withTtl: 5 },
      faults: { unknownId: 2, missingState: 1, unknownState: 1, ghostEntry: 2 },
    });
    await client.hSet('dlq:task:copy', 'state', 'DLQ');
    await client.set('unacked_mutex', 'x');
    for (const key of ['celery-taskset-meta-1', 'chord-unlock-1']) await client.set(key, 'x');
    for (const key of ['1.reply.celery.pidbox', 'celeryev.1', 'openrouter:worker_errors:2026-11-22'])
      await client.lPush(key, 'x');
    await client.hSet(Buffer.concat([Buffer.from('task:'), Buffer.from([0xff, 0x00, 0x0a])]), 'state', 'DLQ');
    system.digestWith = await system.digest();
  });
  return system;
}
