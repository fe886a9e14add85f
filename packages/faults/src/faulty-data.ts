import { formatTimestamp, taskKey } from '@atf/core';
import { runBin, seedAsyncTaskFlow } from '@atf/sandbox';
import { SEED } from './effort.js';
import type { Slot } from './slot.js';
import type { ToolCase } from './tools.js';

/** Data of 5,000 tasks, with something for every tool. */
const FAULTY = {
  tasks: 4_400,
  seed: SEED % 1_000_000,
  celeryMeta: { count: 1_200, withTtl: 200 },
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

/** Fills a slot with the data that a tool repairs, keeps it as a file, and leaves it there. About half a second. */
export async function prepare(slot: Slot, { restores }: ToolCase): Promise<Prepared> {
  await slot.client.flushAll();
  const { faults } = await seedAsyncTaskFlow(slot.client, FAULTY);
  // Those that are due by now would be put back into their set by one run, and be taken for overdue by the next.
  const retryAfter = formatTimestamp(new Date(Date.now() + 24 * 3_600_000));
  for (const id of faults.orphanedScheduled) await slot.client.hSet(taskKey(id), 'retry_after', retryAfter);
  await freezeExpiries(slot);
  if (!restores) return { rdb: await slot.save(), backup: undefined };
  const backup = slot.path();
  const { code, stderr } = await runBin(restores.tool, [
    ...restores.repair(backup),
    '--redis-url',
    slot.redis.url,
  ]);
  if (code !== 0) throw new Error(`no backup could be made: ${stderr}`);
  await slot.dropLock();
  return { rdb: await slot.save(), backup };
}

/** Nothing expires while a test runs; what had an expiry has one still, but for heartbeats. */
async function freezeExpiries({ client }: Slot): Promise<void> {
  for await (const keys of client.scanIterator({ COUNT: 1_000 })) {
    const lives = await Promise.all(keys.map((key) => client.ttl(key)));
    const expiring = keys.filter((_, i) => lives[i]! > 0);
    await Promise.all(
      expiring.map((key) =>
        key.startsWith('worker:heartbeat:') ? client.persist(key) : client.expire(key, 86_400),
      ),
    );
  }
}
