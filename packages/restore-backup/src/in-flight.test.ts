import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { InFlight } from './in-flight.js';

/** Starts work of these sizes, in MB; gives how many pieces and MB were under way at the most. */
async function most(sizes: readonly number[]): Promise<{ pieces: number; size: number }> {
  const inFlight = new InFlight();
  const now = { pieces: 0, size: 0 };
  const top = { pieces: 0, size: 0 };
  for (const size of sizes) {
    await inFlight.start(size * 1024 * 1024, async () => {
      now.pieces++;
      now.size += size;
      top.pieces = Math.max(top.pieces, now.pieces);
      top.size = Math.max(top.size, now.size);
      await sleep(1);
      now.pieces--;
      now.size -= size;
    });
  }
  await inFlight.drain();
  expect(now.pieces).toBe(0);
  return top;
}

describe('work under way', () => {
  test('is 64 pieces at the most', async () => {
    expect((await most(Array<number>(300).fill(0))).pieces).toBe(64);
  });

  test('is 64 MB at the most, or one larger piece alone', async () => {
    expect(await most(Array<number>(10).fill(30))).toEqual({ pieces: 2, size: 60 });
    expect(await most([1, 100, 1, 100])).toEqual({ pieces: 1, size: 100 });
  });

  test('that fails stops what is still to come, once all has ended', async () => {
    const inFlight = new InFlight();
    await inFlight.start(0, () => Promise.reject(new Error('refused')));
    await expect(inFlight.drain()).rejects.toThrow('refused');
    await expect(inFlight.start(0, () => Promise.resolve())).rejects.toThrow('refused');
  });
});
