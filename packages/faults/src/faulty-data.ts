import { CELERY_META_KEY_PATTERN, formatTimestamp, SCHEDULED_KEY, taskKey } from '@atf/core';
import { runBin, type SandboxClient, seedAsyncTaskFlow } from '@atf/sandbox';
import type { RedisInstance } from './redis-instance.js';
import { isLong, SEED } from './test-size.js';
import type { ToolCase } from './tools.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Data with something for every tool: 5,000 tasks in the long run, else 1,400. That is several pages of everything, and each
 * look at all of it costs a quarter.
 */
const FAULTY = {
  tasks: isLong ? 4_400 : 800,
  seed: SEED % 1_000_000,
  celeryMeta: isLong ? { count: 1_200, withTtl: 200 } : { count: 600, withTtl: 100 },
  foreignKeys: 60,
  faults: {
    unknownId: 250,
    defectiveDlq: 100,
    stuckActive: 40,
    orphanedPending: 40,
    overdueScheduled: 40,
    orphanedScheduled: 20,
    orphanedDlq: 20,
    ghostEntry: 20,
    staleEntry: 12,
    duplicateEntry: 10,
    unknownState: 3,
    missingState: 3,
    notAHash: 3,
    yearOne: 20,
    badDate: 20,
    counterDrift: { ACTIVE: 4, COMPLETED: -7, SCHEDULED: '-3', DLQ: 5, FAILED: 'abc' },
  },
} as const;

/** What a tool is run on: the database as a file, and for restore-backup the backup to put back. */
export interface Prepared {
  rdb: string;
  backup: string | undefined;
}

/** The file that the first instance of a test file keeps: filling anew takes ten times as long as loading it. */
let seeded: string | undefined;

async function fill(instance: RedisInstance): Promise<string> {
  const { faults } = await seedAsyncTaskFlow(instance.client, FAULTY);
  await freezeExpiries(instance);
  await freezeAges(instance, faults.orphanedScheduled);
  return instance.save();
}

/** Fills an instance with the data that a tool repairs, keeps it as a file, and leaves it there. */
export async function prepare(instance: RedisInstance, { restores }: ToolCase): Promise<Prepared> {
  if (seeded) await instance.load(seeded);
  else seeded = await fill(instance);
  if (!restores) return { rdb: seeded, backup: undefined };
  const backup = instance.path();
  const { code, stderr } = await runBin(restores.tool, [
    ...restores.repair(backup),
    '--redis-url',
    instance.redis.url,
  ]);
  if (code !== 0) throw new Error(`no backup could be made: ${stderr}`);
  await instance.dropLock();
  return { rdb: await instance.save(), backup };
}

/**
 * Nothing comes of age while tests run, for an hour: no worker falls silent, no task becomes due, and no result turns old
 * enough for the age by which results are deleted here, a day.
 */
async function freezeAges({ client }: RedisInstance, orphanedScheduled: readonly string[]): Promise<void> {
  for (const key of await client.keys('worker:heartbeat:*'))
    await client.set(key, 'that cannot be read, and counts as alive');
  const soon = await client.zRangeByScore(SCHEDULED_KEY, Date.now() / 1000, '+inf');
  for (const id of soon) await client.zIncrBy(SCHEDULED_KEY, DAY_MS / 1000, id);
  await postponeRetries(client, orphanedScheduled);
  for (const key of await client.keys(CELERY_META_KEY_PATTERN)) {
    const { date_done } = JSON.parse((await client.get(key))!);
    const hours = (Date.now() - Date.parse(date_done)) / HOUR_MS;
    if (hours > 22 && hours < 24) await client.del(key);
  }
}

/** By one run these tasks are put back into their set. They would be overdue for the next run. */
export async function postponeRetries(client: SandboxClient, ids: readonly string[]): Promise<void> {
  const retryAfter = formatTimestamp(new Date(Date.now() + DAY_MS));
  for (const id of ids) await client.hSet(taskKey(id), 'retry_after', retryAfter);
}

/** Nothing expires while tests run; what had an expiry has one still. */
async function freezeExpiries({ client }: RedisInstance): Promise<void> {
  for await (const keys of client.scanIterator({ COUNT: 1_000 })) {
    const lives = await Promise.all(keys.map((key) => client.ttl(key)));
    const expiring = keys.filter((_, i) => lives[i]! > 0);
    await Promise.all(expiring.map((key) => client.expire(key, DAY_MS / 1000)));
  }
}
