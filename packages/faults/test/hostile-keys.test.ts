import { cleanupCeleryMeta } from '@atf/cleanup-celery-meta';
import { type Redis, taskSchema } from '@atf/core';
import { deleteDefectiveTasks } from '@atf/delete-defective-tasks';
import { fixCounterSync } from '@atf/fix-counter-sync';
import { fixStuckTasks, KINDS } from '@atf/fix-stuck-tasks';
import { initializeCounters } from '@atf/initialize-counters';
import { resetRedis } from '@atf/reset-redis';
import { restoreBackup } from '@atf/restore-backup';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasUnreadableMessage, isActive, isTaskHash, resetNames } from '../src/belonging.js';
import { type Dump, differences, dumpOf } from '../src/dump.js';
import { deletePlainly } from '../src/expected-deletions.js';
import { expectRepairs, touchedKeys } from '../src/expected-repairs.js';
import {
  type HostileKey,
  hostileDatabase,
  hostileReferences,
  hostileSystem,
  writeKeys,
} from '../src/hostile/databases.js';
import { COUNTERS, QUEUES } from '../src/hostile/names.js';
import { stateDumpOf } from '../src/state-dump.js';
import { isLong, SEED } from '../src/test-size.js';
import { type SlotTarget, useTarget } from './use-target.js';

const system = useTarget();

/** A system with a hostile database in it. */
interface HostileTarget extends SlotTarget {
  keys: readonly HostileKey[];
}

/** Checks a property of hostile databases; a failure names its seed, and `ATF_SEED` replays it. */
async function always(
  check: (before: Dump, hostile: HostileTarget) => Promise<void>,
  { numRuns = isLong ? 500 : 60, databases = hostileDatabase(30) } = {},
): Promise<void> {
  const property = fc.asyncProperty(databases, async (keys) => {
    await writeKeys(system.client, keys);
    await check(await dumpOf(system.client), { ...system, keys });
  });
  await fc.assert(property, { seed: SEED, numRuns, endOnFailure: true });
}

const keysOfType = (before: Dump, type: string, beginning: string) =>
  [...before]
    .filter(([key, content]) => key.startsWith(beginning) && content.startsWith(`${type} `))
    .map(([key]) => key);

test('cleanup-celery-meta deletes the strings of that name, and changes nothing else', async () => {
  await always(async (before, { client, deps }) => {
    await cleanupCeleryMeta(deps, { dryRun: false, yes: true });
    const gone = keysOfType(before, 'string', 'celery-task-meta-').sort();
    expect(differences(before, await dumpOf(client))).toEqual({ gone, changed: [] });
  });
});

test('cleanup-celery-meta by age, with a backup, deletes only what has a readable old date, and it comes back', async () => {
  await always(async (before, { instance, client, deps, keys }) => {
    const file = instance.path();
    await cleanupCeleryMeta(deps, { dryRun: false, yes: true, olderThanMs: 1, backup: file });
    const { gone, changed } = differences(before, await dumpOf(client));
    expect(changed).toEqual([]);
    const contents = new Map(keys.map(({ key, make }) => [key.toString('latin1'), make[1]?.toString()]));
    for (const key of gone) {
      expect(key).toMatch(/^celery-task-meta-/);
      expect(contents.get(key)).toMatch(/"date_done"/);
    }
    if (gone.length === 0) return;
    await restoreBackup(deps, { file, replace: false, dryRun: false });
    expect(await dumpOf(client)).toEqual(before);
  });
});

test('reset-redis deletes what belongs to AsyncTaskFlow alone, saves it before, and restore-backup brings all back', async () => {
  await always(async (before, { instance, client, deps, keys }) => {
    const file = instance.path();
    await resetRedis(deps, { dryRun: false, confirm: true, force: true, backup: file });
    const gone = resetNames(keys);
    expect(differences(before, await dumpOf(client))).toEqual({ gone, changed: [] });
    if (gone.length === 0) return;
    await restoreBackup(deps, { file, replace: false, dryRun: false });
    expect(await dumpOf(client)).toEqual(before);
  });
});

test('delete-defective-tasks deletes the tasks that are defective, with their references, and restore-backup brings all back', async () => {
  await always(
    async (before, { instance, client, deps, keys }) => {
      const mayRun = hasUnreadableMessage(keys) ? isActive : () => false;
      const tasks = keys
        .filter((one) => isTaskHash(one) && !mayRun(one))
        .map(({ key }) => key.toString('latin1'));
      const sound = new Set<string>();
      for (const key of tasks) if (await isSound(client, key)) sound.add(key);
      const doomed = tasks.filter((key) => !sound.has(key));
      const file = instance.path();
      const options = { dryRun: false, include: [], maxDefectivePercent: 100, backup: file };
      await deleteDefectiveTasks(deps, options);
      const after = await dumpOf(client);
      if (doomed.length > 0) await restoreBackup(deps, { file, replace: false, dryRun: false });
      expect(await dumpOf(client)).toEqual(before);
      await deletePlainly(client, doomed);
      expect(differences(await dumpOf(client), after)).toEqual({ gone: [], changed: [] });
    },
    { databases: hostileReferences(30) },
  );
});

test('fix-stuck-tasks changes the tasks, entries and counters that it says, as it says, and nothing else', async () => {
  const only = isLong ? KINDS : KINDS.filter((kind) => !/^orphaned-(pending|scheduled)$/.test(kind));
  let repairs = 0;
  await always(
    async (before, { client, deps }) => {
      const held = await stateDumpOf(client, before);
      const { result } = await fixStuckTasks(deps, { dryRun: false, include: ['failed'], only });
      const repaired = result.findings.filter(({ outcome }) => outcome === 'repaired');
      const after = await dumpOf(client);
      const { gone, changed } = differences(before, after);
      const said = touchedKeys(repaired, before);
      expect(changed.filter((key) => !said.has(key))).toEqual([]);
      expect(gone.filter((key) => !said.has(key) || !QUEUES.includes(key))).toEqual([]);
      expectRepairs(held, await stateDumpOf(client, after), repaired);
      repairs += repaired.length;
    },
    { numRuns: isLong ? 200 : 60, databases: hostileSystem(20) },
  );
  expect(repairs).toBeGreaterThan(100);
});

async function isSound(client: Redis, key: string): Promise<boolean> {
  const fields = await client.sendCommand<Record<string, string>>(['HGETALL', Buffer.from(key, 'latin1')]);
  return taskSchema.safeParse({ ...fields }).success;
}

test.each([
  ['fix-counter-sync', fixCounterSync],
  ['initialize-counters', initializeCounters],
] as const)('%s sets the counters right that are strings, and changes nothing else', async (_, repair) => {
  await always(
    async (before, { client, deps }) => {
      const { outcome, result } = await repair(deps, { dryRun: false });
      const { gone, changed } = differences(before, await dumpOf(client));
      expect(gone).toEqual([]);
      for (const key of changed) expect(COUNTERS).toContain(key);
      const foreign = COUNTERS.filter((key) => before.has(key) && !before.get(key)!.startsWith('string '));
      for (const key of foreign) expect(changed).not.toContain(key);
      expect(result.verified).toBe(true);
      const atBest = foreign.length > 0 ? ['clean', 'partial'] : ['clean'];
      expect([...atBest, 'repaired']).toContain(outcome);
      expect(atBest).toContain((await repair(deps, { dryRun: false })).outcome);
    },
    { numRuns: isLong ? 200 : 30 },
  );
});
