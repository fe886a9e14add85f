import { cleanupCeleryMeta } from '@atf/cleanup-celery-meta';
import {
  closeTarget,
  connectTarget,
  type Deps,
  depsOf,
  type Redis,
  type Target,
  taskSchema,
} from '@atf/core';
import { deleteDefectiveTasks } from '@atf/delete-defective-tasks';
import { fixCounterSync } from '@atf/fix-counter-sync';
import { initializeCounters } from '@atf/initialize-counters';
import { resetRedis } from '@atf/reset-redis';
import { restoreBackup } from '@atf/restore-backup';
import { assertCountersExact } from '@atf/sandbox';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Dump, differences, dumpOf } from '../src/dump.js';
import { isLong, PATIENCE_MS, SEED } from '../src/effort.js';
import { COUNTERS, type HostileKey, hostileDatabase, writeKeys } from '../src/hostile.js';
import { Slot } from '../src/slot.js';

let slot: Slot;
let target: Target;
let client: Redis;
let deps: Deps;

beforeAll(async () => {
  slot = await Slot.start();
  target = await connectTarget(slot.redis.url, { name: 'hostile' });
  client = target.primaries[0];
  deps = depsOf(target);
});
afterAll(async () => {
  closeTarget(target);
  await slot.stop();
});

/** Checks a property of hostile databases; a failure names its seed, and `ATF_SEED` replays it. */
async function always(
  check: (before: Dump, keys: readonly HostileKey[]) => Promise<void>,
  { numRuns = isLong ? 500 : 60 } = {},
): Promise<void> {
  const property = fc.asyncProperty(hostileDatabase(30), async (keys) => {
    await writeKeys(client, keys);
    await check(await dumpOf(client), keys);
  });
  await fc.assert(property, { seed: SEED, numRuns, endOnFailure: true });
}

const typed = (before: Dump, type: string, beginning: string) =>
  [...before]
    .filter(([key, content]) => key.startsWith(beginning) && content.startsWith(`${type} `))
    .map(([key]) => key);

test(
  'cleanup-celery-meta deletes the strings of that name, and changes nothing else',
  async () => {
    await always(async (before) => {
      await cleanupCeleryMeta(deps, { dryRun: false, yes: true });
      const gone = typed(before, 'string', 'celery-task-meta-').sort();
      expect(differences(before, await dumpOf(client))).toEqual({ gone, changed: [] });
    });
  },
  PATIENCE_MS,
);

test(
  'cleanup-celery-meta by age, with a backup, deletes only what has a readable old date, and it comes back',
  async () => {
    await always(async (before, keys) => {
      const file = slot.path();
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
  },
  PATIENCE_MS,
);

test(
  'reset-redis deletes what has name and type of the model, saves it before, and restore-backup brings all back',
  async () => {
    await always(async (before) => {
      const file = slot.path();
      await resetRedis(deps, { dryRun: false, confirm: true, force: true, backup: file });
      const gone = [...before].filter(([key, content]) => isModel(key, content)).map(([key]) => key);
      expect(differences(before, await dumpOf(client))).toEqual({ gone: gone.sort(), changed: [] });
      await restoreBackup(deps, { file, replace: false, dryRun: false });
      expect(await dumpOf(client)).toEqual(before);
    });
  },
  PATIENCE_MS,
);

test(
  'delete-defective-tasks deletes the hashes that are no task, with their references, and restore-backup brings all back',
  async () => {
    await always(async (before) => {
      const hashes = typed(before, 'hash', 'task:');
      const sound = new Set<string>();
      for (const key of hashes) if (await isSound(key)) sound.add(key);
      const doomed = hashes.filter((key) => !sound.has(key));
      const file = slot.path();
      const options = { dryRun: false, include: [], maxDefectivePercent: 100, backup: file };
      await deleteDefectiveTasks(deps, options);
      const { gone, changed } = differences(before, await dumpOf(client));
      expect(gone.filter((key) => hashes.includes(key))).toEqual(doomed.sort());
      for (const key of [...gone.filter((key) => !hashes.includes(key)), ...changed])
        expect(key).toMatch(REFERENCES);
      if (doomed.length === 0) return;
      await restoreBackup(deps, { file, replace: false, dryRun: false });
      expect(await dumpOf(client)).toEqual(before);
    });
  },
  PATIENCE_MS,
);

const REFERENCES =
  /^(dlq:task:|dlq:tasks$|tasks:(pending:primary|pending:retry|scheduled)$|metrics:tasks:state:)/;

async function isSound(key: string): Promise<boolean> {
  const fields = await client.sendCommand<Record<string, string>>(['HGETALL', Buffer.from(key, 'latin1')]);
  return taskSchema.safeParse({ ...fields }).success;
}

/** Names and types, as a running system writes them. */
const MODEL: readonly [RegExp, RegExp][] = [
  [/^(dlq:)?task:/, /^hash /],
  [/^(tasks:pending:(primary|retry)|dlq:tasks|celery)$/, /^list /],
  [/^(tasks:scheduled|unacked_index)$/, /^zset /],
  [/^unacked$/, /^hash /],
  [/^unacked_mutex$/, /^string /],
  [/^(metrics:tasks:state:|worker:heartbeat:|celery-task-meta-)/, /^string /],
  [/^_kombu\.binding\./, /^set /],
  [/^openrouter:/, /^(string|hash) /],
];

const isModel = (key: string, content: string) =>
  MODEL.some(([name, type]) => name.test(key) && type.test(content));

test.each([
  ['fix-counter-sync', () => fixCounterSync(deps, { dryRun: false })],
  ['initialize-counters', () => initializeCounters(deps, { dryRun: false })],
] as const)(
  '%s sets the counters right that are strings, and changes nothing else',
  async (_, repair) => {
    await always(
      async (before) => {
        const { outcome, result } = await repair();
        const { gone, changed } = differences(before, await dumpOf(client));
        expect(gone).toEqual([]);
        for (const key of changed) expect(COUNTERS).toContain(key);
        const foreign = COUNTERS.filter((key) => before.has(key) && !before.get(key)!.startsWith('string '));
        for (const key of foreign) expect(changed).not.toContain(key);
        expect(result.verified).toBe(true);
        const atBest = foreign.length > 0 ? ['clean', 'partial'] : ['clean'];
        expect([...atBest, 'repaired']).toContain(outcome);
        expect(atBest).toContain((await repair()).outcome);
      },
      { numRuns: isLong ? 200 : 30 },
    );
  },
  PATIENCE_MS,
);

const ODD_COUNTERS = [
  ...[
    '-3',
    'abc',
    '1e999',
    '9'.repeat(19),
    `-${'9'.repeat(19)}`,
    '9'.repeat(300),
    '',
    ' 1',
    '1 ',
    '+1',
    '01',
    '0x1',
  ],
  ...['-0', '1.0', 'inf', 'nan', '1\u0000', '\u001b[2J', 'x'.repeat(1_000_000), '7'.repeat(1_000_000)],
];

test.each(ODD_COUNTERS.map((counter) => [counter.slice(0, 30), counter] as const))(
  'a counter of %j is set right by either tool',
  async (_, counter) => {
    for (const repair of [fixCounterSync, initializeCounters]) {
      await client.sendCommand(['FLUSHALL']);
      await client.sendCommand(['HSET', 'task:1', 'state', 'ACTIVE']);
      for (const key of COUNTERS) await client.sendCommand(['SET', key, counter]);
      expect((await repair(deps, { dryRun: false })).outcome).toBe('repaired');
      await assertCountersExact(slot.client);
    }
  },
);

test('a task with a content of 40 MB is deleted, saved and brought back whole', async () => {
  await client.sendCommand(['FLUSHALL']);
  await client.sendCommand([
    'HSET',
    'task:large',
    'state',
    'COMPLETED',
    'content',
    Buffer.alloc(40_000_000, 'PDF '),
  ]);
  await client.sendCommand(['SET', 'celery-task-meta-large', Buffer.alloc(40_000_000, '{"date_done":')]);
  const before = await dumpOf(client);
  const file = slot.path();
  const { result } = await deleteDefectiveTasks(deps, {
    dryRun: false,
    include: [],
    maxDefectivePercent: 100,
    backup: file,
  });
  expect(result.deleted).toBe(1);
  const cleaned = await cleanupCeleryMeta(deps, { dryRun: false, yes: true, olderThanMs: 1 });
  expect([cleaned.result.undated, cleaned.result.deleted]).toEqual([1, 0]);
  await restoreBackup(deps, { file, replace: false, dryRun: false });
  expect(await dumpOf(client)).toEqual(before);
});
