import { depsOf, openTaskCounter, type Redis, targetOf, tasksInCounts } from '@atf/core';
import { seedAsyncTaskFlow } from '@atf/sandbox';
import { until, useEmptyRedis } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { KnownStates } from '../src/counting/known-states.js';
import { scanTasks } from '../src/counting/scan-tasks.js';

const TASKS = 10_000;
const OTHERS = 200_000;

describe('while the key table shrinks', () => {
  const fixture = useEmptyRedis();
  let client: Redis;

  beforeEach(async () => {
    client = fixture.client as unknown as Redis;
    await seedAsyncTaskFlow(fixture.client, { tasks: TASKS, seed: 7 });
    await client.sendCommand([
      'EVAL',
      `for i = 1, ${OTHERS} do redis.call('SET', 'other:' .. i, i) end`,
      '0',
    ]);
  });

  test('SCAN returns some tasks twice, and they count once', async () => {
    // Whether a scan meets a repeat depends on where it is when the table shrinks: every fourth does. At full pace each place is its own.
    const scans = Array.from({ length: 48 }, () => ({
      pages: scanTasks({ signal: new AbortController().signal, pace: 'full' }, client, { mayExpire: false }),
      states: new KnownStates(),
      returned: 0,
    }));
    const advance = async (scan: (typeof scans)[number], pages: number) => {
      for (let i = 0; i < pages; i++) {
        const { done, value } = await scan.pages.next();
        if (done) return;
        scan.returned += value.keys.length;
        scan.states.addScanned(value, new Set());
      }
    };
    for (const [i, scan] of scans.entries()) await advance(scan, 1 + i * 2);
    await deleteOthers(client);
    for (const scan of scans) await advance(scan, Number.POSITIVE_INFINITY);

    const repeats = scans.map(({ returned }) => returned - TASKS);
    expect(Math.max(...repeats)).toBeGreaterThan(0);
    expect(scans.map(({ states }) => states.tasks)).toEqual(scans.map(() => TASKS));
  });

  test('a task counter that runs meanwhile is exact', async () => {
    const deps = depsOf(targetOf(client));
    const taskCounter = openTaskCounter(deps, { oneScriptUpTo: -1 });
    try {
      const [cut] = await Promise.all([
        taskCounter.take(),
        deleteOthers((await fixture.redis.client()) as unknown as Redis),
      ]);
      expect(tasksInCounts(cut.counts)).toBe(TASKS);
    } finally {
      await taskCounter.close();
    }
  });
});

/** Deletes the other keys, in steps that let other clients in, and waits until the server has shrunk its key table. */
async function deleteOthers(client: Redis): Promise<void> {
  for (let from = 1; from <= OTHERS; from += 10_000) {
    await client.sendCommand([
      'EVAL',
      `for i = ${from}, ${from + 9_999} do redis.call('UNLINK', 'other:' .. i) end`,
      '0',
    ]);
  }
  await until(async () => (await keyTable(client)).size < OTHERS && !(await keyTable(client)).isMoving);
}

/** How many buckets the server's key table has, and whether keys are still on their way into a new one. */
async function keyTable(client: Redis): Promise<{ size: number; isMoving: boolean }> {
  const text = String(await client.sendCommand(['DEBUG', 'HTSTATS', '0']));
  const [main = ''] = text.split('[Expires HT]');
  return { size: Number(/table size: (\d+)/.exec(main)?.[1]), isMoving: main.includes('rehashing target') };
}
