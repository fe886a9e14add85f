import {
  DLQ_LIST,
  PRIMARY_QUEUE,
  RETRY_QUEUE,
  SCHEDULED_SET,
  seedAsyncTaskFlow,
  taskKey,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { Kind } from '../src/kinds.js';
import { DRY_RUN, FIX, useFixture } from './support.js';
import { completed, stuck } from './tasks.js';

const fixture = useFixture();
beforeEach(fixture.startIdle);

describe('whatever stands in Redis', () => {
  test.each<[string, Kind]>([
    [PRIMARY_QUEUE, 'orphaned-pending'],
    [RETRY_QUEUE, 'stuck-active'],
    [SCHEDULED_SET, 'orphaned-scheduled'],
    [DLQ_LIST, 'orphaned-dlq'],
  ])(
    'a %s that is a string is left alone, and so is what would go there: that is not all right',
    async (key, kind) => {
      const state = {
        'orphaned-pending': 'PENDING',
        'stuck-active': 'ACTIVE',
        'orphaned-scheduled': 'SCHEDULED',
      }[kind as string];
      await fixture.write('a', { ...stuck('a'), state: state ?? 'DLQ' });
      await fixture.client.set(key, 'a string');
      const before = await fixture.digest();
      expect((await fixStuckTasks(fixture.deps(), DRY_RUN)).outcome).toBe('found');
      const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
      expect(outcome).toBe('partial');
      expect(result.wrongTypeQueues).toEqual([{ key, type: 'string' }]);
      const obstacle = { code: 'no-queue', queue: key, type: 'string' };
      expect(result.findings).toMatchObject([{ kind, outcome: 'reported', obstacle }]);
      expect(await fixture.digest()).toBe(before);
    },
  );

  test('a queue that is no list is reported, though nothing is to be repaired: it may hide what is', async () => {
    await fixture.client.set(DLQ_LIST, 'a string');
    expect(await fixStuckTasks(fixture.deps(), DRY_RUN)).toMatchObject({ outcome: 'found' });
    expect(await fixStuckTasks(fixture.deps(), FIX)).toMatchObject({ outcome: 'partial' });
    await fixture.client.lPush(RETRY_QUEUE, 'ghost');
    expect(await fixStuckTasks(fixture.deps(), FIX)).toMatchObject({ outcome: 'partial' });
    expect(await fixture.client.exists(RETRY_QUEUE)).toBe(0);
  });

  test('ids may hold any bytes', async () => {
    const id = Buffer.from([0xff, 0x00, 0x0a, 0xfe]);
    const key = Buffer.concat([Buffer.from('task:'), id]);
    await fixture.client.hSet(key, Object.entries(stuck('x')).flat());
    await fixture.client.rPush(PRIMARY_QUEUE, Buffer.from([0xc3, 0x28]));
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ id: text }) => text)).toEqual(['\\xff\0\n\\xfe', '\\xc3(']);
    expect(await fixture.client.lPos(RETRY_QUEUE, id as never)).toBe(0);
    expect(await fixture.client.exists(PRIMARY_QUEUE)).toBe(0);
  });

  test('defective tasks are counted, and left to another tool', async () => {
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 20,
      seed: 9,
      faults: { missingState: 2, notAHash: 2, unknownState: 2, defectiveDlq: 1 },
    });
    const { task_id: _, ...headless } = stuck('a');
    await fixture.write('a', headless);
    await fixture.write('b', { ...completed('b'), created_at: '' });
    await fixture.client.rPush(PRIMARY_QUEUE, 'b');
    const before = await fixture.digest();
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect({ outcome, defective: result.defective }).toEqual({ outcome: 'clean', defective: 4 });
    expect(await fixture.digest()).toBe(before);
  });

  test('contents are never read', async () => {
    await fixture.client.hSet(taskKey('a'), { ...stuck('a'), content: 'x'.repeat(40_000_000) });
    await fixture.client.configResetStat();
    const { outcome } = await fixStuckTasks(fixture.deps(), FIX);
    expect(outcome).toBe('repaired');
    const stats = await fixture.client.info('stats');
    expect(Number(/total_net_output_bytes:(\d+)/.exec(stats)![1])).toBeLessThan(100_000);
    expect(await fixture.client.hStrLen(taskKey('a'), 'content')).toBe(40_000_000);
  });
});
