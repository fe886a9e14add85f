import { loadScript, type Pace, type Redis, scanPages } from '@atf/core';
import { seedAsyncTaskFlow } from '@atf/sandbox';
import { useRedis } from '@atf/sandbox/jest';
import { beforeAll, describe, expect, test } from '@jest/globals';

const PAGE = 500;
const SMALLEST_PAGE = 50;
const SCAN_KEYS = loadScript(import.meta.url, './fixtures/scan-keys.lua');

const fixture = useRedis();
let client: Redis;

beforeAll(async () => {
  client = fixture.client as unknown as Redis;
  await seedAsyncTaskFlow(fixture.client, { tasks: 20_000, seed: 3 });
});

interface Walk {
  /** Different keys that the walk found. */
  keys: number;
  /** COUNT of each page. */
  sizes: number[];
  /** How long it rested before a page, in ms. */
  rests: number[];
}

/** Walks all keys. The server is said to work for `msOf(number)` on the page with this number, whatever it really needs. */
async function walk(pace: Pace, msOf: (page: number) => number): Promise<Walk> {
  const keys = new Set<string>();
  const sizes: number[] = [];
  const rests: number[] = [];
  let measured = 0;
  const pages = scanPages<[Buffer[], Buffer]>(client, SCAN_KEYS, {
    count: PAGE,
    pace,
    signal: new AbortController().signal,
    time: {
      servedMs: () => msOf(measured++),
      sleep: async (rest) => void rests.push(rest),
    },
  });
  for await (const [page, count] of pages) {
    for (const key of page) keys.add(key.toString('latin1'));
    sizes.push(Number(count));
  }
  return { keys: keys.size, sizes, rests };
}

describe('a walk over all keys', () => {
  test('at its own pace makes pages smaller and rests when the server gets slow, and misses no key', async () => {
    const { keys, sizes, rests } = await walk('auto', (page) => (page < 14 ? 0 : 20));
    expect(keys).toBe(await client.dbSize());
    expect(sizes.slice(0, 3)).toEqual([PAGE / 2, 281, 316]);
    expect(sizes[14]).toBeGreaterThan(2 * PAGE);
    expect(new Set(sizes.slice(20))).toEqual(new Set([SMALLEST_PAGE]));
    expect(new Set(rests)).toEqual(new Set([20]));
  });

  test('grows its pages again when the server is fast again', async () => {
    const { keys, sizes, rests } = await walk('auto', (page) => (page > 3 && page < 14 ? 20 : 0));
    expect(keys).toBe(await client.dbSize());
    expect(sizes[14]).toBe(SMALLEST_PAGE);
    expect(sizes[16]).toBeGreaterThan(SMALLEST_PAGE);
    expect(rests.length).toBeLessThan(14);
  });

  test('at full pace keeps the size of its pages, and never rests', async () => {
    const { keys, sizes, rests } = await walk('full', () => 20);
    expect(keys).toBe(await client.dbSize());
    expect(new Set(sizes)).toEqual(new Set([PAGE]));
    expect(rests).toEqual([]);
  });
});
