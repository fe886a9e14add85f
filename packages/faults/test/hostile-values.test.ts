import { cleanupCeleryMeta } from '@atf/cleanup-celery-meta';
import { deleteDefectiveTasks } from '@atf/delete-defective-tasks';
import { fixCounterSync } from '@atf/fix-counter-sync';
import { initializeCounters } from '@atf/initialize-counters';
import { restoreBackup } from '@atf/restore-backup';
import { assertCountersExact } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { dumpOf } from '../src/dump.js';
import { COUNTERS } from '../src/hostile/names.js';
import { useTarget } from './use-target.js';

const system = useTarget();

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
    const { instance, client, deps } = system;
    for (const repair of [fixCounterSync, initializeCounters]) {
      await client.sendCommand(['FLUSHALL']);
      await client.sendCommand(['HSET', 'task:1', 'state', 'ACTIVE']);
      for (const key of COUNTERS) await client.sendCommand(['SET', key, counter]);
      expect((await repair(deps, { dryRun: false })).outcome).toBe('repaired');
      await assertCountersExact(instance.client);
    }
  },
);

test('a task with a content of 40 MB is deleted, saved and brought back whole', async () => {
  const { instance, client, deps } = system;
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
  const file = instance.path();
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
