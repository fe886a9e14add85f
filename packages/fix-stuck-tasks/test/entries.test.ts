import { DLQ_LIST, dlqCopyKey, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { FIX, useFixture } from './support.js';
import { completed, pending, stuck } from './tasks.js';

const fixture = useFixture();
beforeEach(fixture.startIdle);

describe('entries', () => {
  test('that are wrong go, and the rest keeps its order', async () => {
    for (const id of ['a', 'b', 'c']) await fixture.write(id, pending(id));
    await fixture.write('done', completed('done'));
    await fixture.client.rPush(PRIMARY_QUEUE, ['a', 'ghost', 'b', 'done', 'a', 'c', 'ghost', 'done']);
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ id, fault }) => `${id} ${fault}`).sort()).toEqual([
      'a twice',
      'done state',
      'ghost ghost',
    ]);
    // The older of two stays: queues grow at the head.
    expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['b', 'a', 'c']);
  });

  test('that are more than a run repairs are counted, and the next run goes on', async () => {
    const ids = Array.from({ length: 25_003 }, (_, i) => `ghost-${i}`);
    await fixture.client.rPush(PRIMARY_QUEUE, ids);
    const first = await fixStuckTasks(fixture.deps(), FIX);
    expect(first.outcome).toBe('partial');
    const counts = { kind: 'ghost-entry', found: 25_003, repaired: 25_000, left: 3 };
    expect(first.result.kinds).toContainEqual(expect.objectContaining(counts));
    const second = await fixStuckTasks(fixture.deps(), FIX);
    expect([second.outcome, second.result.findings.length]).toEqual(['repaired', 3]);
    expect(await fixture.client.exists(PRIMARY_QUEUE)).toBe(0);
  });

  test.each([
    ['0', [PRIMARY_QUEUE, RETRY_QUEUE]],
    ['1', [RETRY_QUEUE, PRIMARY_QUEUE]],
  ])(
    'of a task in both pending lists go from one of them, be it once or several times: after %s attempts',
    async (retry_count, [stays, goes]) => {
      for (const [times, again] of [
        [1, 1],
        [3, 1],
        [1, 3],
        [2, 2],
      ]) {
        await fixture.client.flushAll();
        await fixture.startIdle();
        await fixture.write('a', { ...pending('a'), retry_count });
        await fixture.client.rPush(PRIMARY_QUEUE, Array(times).fill('a'));
        await fixture.client.rPush(RETRY_QUEUE, Array(again).fill('a'));
        expect((await fixStuckTasks(fixture.deps(), FIX)).outcome).toBe('repaired');
        expect(await fixture.client.lRange(stays!, 0, -1)).toEqual(['a']);
        expect(await fixture.client.exists(goes!)).toBe(0);
      }
    },
  );

  test('of a PENDING task go from tasks:scheduled where a pending list holds it; else it is put into one', async () => {
    await fixture.write('a', pending('a'));
    await fixture.write('b', pending('b'));
    await fixture.client.rPush(PRIMARY_QUEUE, 'a');
    await fixture.client.zAdd(
      SCHEDULED_SET,
      ['a', 'b'].map((value) => ({ value, score: 1 })),
    );
    expect((await fixStuckTasks(fixture.deps(), FIX)).outcome).toBe('repaired');
    expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['b', 'a']);
    expect(await fixture.client.exists(SCHEDULED_SET)).toBe(0);
  });

  test('of the dead letters stay where the dead-letter copy is all that is left', async () => {
    await fixture.client.hSet(dlqCopyKey('copied'), { state: 'DLQ' });
    await fixture.client.rPush(DLQ_LIST, ['copied', 'ghost']);
    await fixStuckTasks(fixture.deps(), FIX);
    expect(await fixture.client.lRange(DLQ_LIST, 0, -1)).toEqual(['copied']);
  });

  test('of a stuck task go first, then it is put back', async () => {
    await fixture.write('a', stuck('a'));
    await fixture.client.rPush(PRIMARY_QUEUE, ['x', 'a']);
    await fixture.client.zAdd(SCHEDULED_SET, { value: 'a', score: 1 });
    const { result } = await fixStuckTasks(fixture.deps(), FIX);
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(Array(4).fill('repaired'));
    expect(await fixture.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['a']);
    expect(await fixture.client.exists([PRIMARY_QUEUE, SCHEDULED_SET])).toBe(0);
  });
});
