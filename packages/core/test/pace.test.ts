import { loadScript, type Pace, Pacer, type Redis, scanPages } from '@atf/core';
import { seedAsyncTaskFlow } from '@atf/sandbox';
import { useRedis } from '@atf/sandbox/jest';
import { beforeAll, describe, expect, test } from '@jest/globals';

const TASKS = 20_000;
const PAGE = 500;
const SCAN_KEYS = loadScript(import.meta.url, './fixtures/scan-and-wait.lua');

const bench = useRedis();
let client: Redis;

beforeAll(async () => {
  client = bench.client as unknown as Redis;
  await seedAsyncTaskFlow(bench.client, { tasks: TASKS, seed: 3 });
});

interface Walk {
  keys: number;
  /** COUNT of each page. */
  sizes: number[];
}

/** Walks all keys; the server does so many millions of steps for each page, whatever its size. */
async function walk(pace: Pace, steps: () => number): Promise<Walk> {
  const keys = new Set<string>();
  const sizes: number[] = [];
  const pages = scanPages<[Buffer[], Buffer]>(client, SCAN_KEYS, {
    count: PAGE,
    pace,
    args: () => [String(steps())],
    signal: new AbortController().signal,
  });
  for await (const [page, count] of pages) {
    for (const key of page) keys.add(key.toString('latin1'));
    sizes.push(Number(count));
  }
  return { keys: keys.size, sizes };
}

describe('a walk over a real server', () => {
  test('at its own pace makes pages smaller when the server gets slow, and misses no key', async () => {
    let pages = 0;
    const { keys, sizes } = await walk('auto', () => (pages++ < 14 ? 0 : 4));
    expect(keys).toBe(Number(await client.dbSize()));
    expect(Math.max(...sizes.slice(0, 15))).toBeGreaterThan(2 * 50);
    expect(sizes.slice(-10)).toEqual(Array(10).fill(50));
  });

  test('at full pace keeps the size of its pages', async () => {
    const { keys, sizes } = await walk('full', () => 4);
    expect(keys).toBe(Number(await client.dbSize()));
    expect(new Set(sizes)).toEqual(new Set([PAGE]));
  });

  test('rests between its calls while another client keeps the server busy', async () => {
    const other = (await bench.redis.client()) as unknown as Redis;
    const pacers = {
      auto: new Pacer(client, { size: PAGE }),
      full: new Pacer(client, { size: PAGE, pace: 'full' }),
    };
    const calls = async (pacer: Pacer, ms: number) => {
      let made = 0;
      for (const end = performance.now() + ms; performance.now() < end; made++) {
        await pacer.run(() => client.sendCommand(['PING']));
      }
      return made;
    };
    await calls(pacers.auto, 50); // what a call takes while the server is idle
    const stop = new AbortController();
    const load = (async () => {
      while (!stop.signal.aborted) await other.sendCommand(['EVAL', BUSY, '0']);
    })();
    const [full, auto] = [await calls(pacers.full, 1_500), await calls(pacers.auto, 1_500)];
    stop.abort();
    await load;
    expect(auto).toBeLessThan(full * 0.85);
    expect(pacers.auto.size).toBe(50);
  });
});

/** Some 10 ms and more. */
const BUSY = 'local n = 0 for i = 1, 2000000 do n = n + i end return n';
