import { DLQ_LIST, dlqCopyKey, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { FIX, useBench } from './support.js';
import { completed, pending, stuck } from './tasks.js';

const bench = useBench();
beforeEach(bench.startIdle);

describe('entries', () => {
  test('that are wrong go, and the rest keeps its order', async () => {
    for (const id of ['a', 'b', 'c']) await bench.write(id, pending(id));
    await bench.write('done', completed('done'));
    await bench.client.rPush(PRIMARY_QUEUE, ['a', 'ghost', 'b', 'done', 'a', 'c', 'ghost', 'done']);
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ id, fault }) => `${id} ${fault}`).sort()).toEqual([
      'a twice',
      'done state',
      'ghost ghost',
    ]);
    // The older of two stays: queues grow at the head.
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['b', 'a', 'c']);
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
        await bench.client.flushAll();
        await bench.startIdle();
        await bench.write('a', { ...pending('a'), retry_count });
        await bench.client.rPush(PRIMARY_QUEUE, Array(times).fill('a'));
        await bench.client.rPush(RETRY_QUEUE, Array(again).fill('a'));
        expect((await fixStuckTasks(bench.deps(), FIX)).outcome).toBe('repaired');
        expect(await bench.client.lRange(stays!, 0, -1)).toEqual(['a']);
        expect(await bench.client.exists(goes!)).toBe(0);
      }
    },
  );

  test('of a PENDING task go from tasks:scheduled where a pending list holds it; else it is put into one', async () => {
    await bench.write('a', pending('a'));
    await bench.write('b', pending('b'));
    await bench.client.rPush(PRIMARY_QUEUE, 'a');
    await bench.client.zAdd(
      SCHEDULED_SET,
      ['a', 'b'].map((value) => ({ value, score: 1 })),
    );
    expect((await fixStuckTasks(bench.deps(), FIX)).outcome).toBe('repaired');
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['b', 'a']);
    expect(await bench.client.exists(SCHEDULED_SET)).toBe(0);
  });

  test('of the dead letters stay where the dead-letter copy is all that is left', async () => {
    await bench.client.hSet(dlqCopyKey('copied'), { state: 'DLQ' });
    await bench.client.rPush(DLQ_LIST, ['copied', 'ghost']);
    await fixStuckTasks(bench.deps(), FIX);
    expect(await bench.client.lRange(DLQ_LIST, 0, -1)).toEqual(['copied']);
  });

  test('of a stuck task go first, then it is put back', async () => {
    await bench.write('a', stuck('a'));
    await bench.client.rPush(PRIMARY_QUEUE, ['x', 'a']);
    await bench.client.zAdd(SCHEDULED_SET, { value: 'a', score: 1 });
    const { result } = await fixStuckTasks(bench.deps(), FIX);
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(Array(4).fill('repaired'));
    expect(await bench.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['a']);
    expect(await bench.client.exists([PRIMARY_QUEUE, SCHEDULED_SET])).toBe(0);
  });
});
