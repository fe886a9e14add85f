import { describe, expect, test } from '@jest/globals';
import { nextPace, type PaceState } from './pace.js';

const LIMITS = { min: 50, max: 2_000 };
const FIRST: PaceState = { size: 500, restMs: 0 };

/** A server that works so long on each key and each call. */
const serverOf = (msAKey: number, msACall = 0) => ({
  call: (size: number) => msACall + size * msAKey,
});

function walk(from: PaceState, server: ReturnType<typeof serverOf>, calls: number): PaceState {
  let state = from;
  for (let i = 0; i < calls; i++) state = nextPace(state, server.call(state.size), LIMITS);
  return state;
}

describe('the pace of a walk', () => {
  test.each([0.002, 0.004, 0.01, 0.03])('comes to about 2 ms a call at %f ms a key', (msAKey) => {
    const { size, restMs } = walk(FIRST, serverOf(msAKey), 40);
    expect(size * msAKey).toBeGreaterThan(1.2);
    expect(size * msAKey).toBeLessThan(2.6);
    expect(restMs).toBe(0);
  });

  test('is there within some fifteen calls, and does not swing', () => {
    const sizes = Array.from({ length: 8 }, (_, i) => walk(FIRST, serverOf(0.003), 16 + i).size);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(200);
  });

  test('stays within its limits', () => {
    expect(walk(FIRST, serverOf(0.0001), 50).size).toBe(2_000);
    expect(walk(FIRST, serverOf(5), 50).size).toBe(50);
  });

  test('shrinks at once when a call is long', () => {
    const steady = walk(FIRST, serverOf(0.004), 40);
    const after = nextPace(steady, 20, LIMITS);
    expect(after.size).toBeLessThan(steady.size / 3);
    expect(after.restMs).toBe(0);
  });

  test('grows by small steps afterwards', () => {
    const steady = walk(FIRST, serverOf(0.004), 40);
    const after = nextPace(steady, 20, LIMITS);
    expect(nextPace(after, 1, LIMITS).size).toBeLessThan(after.size * 1.2);
    expect(walk(after, serverOf(0.004), 30).size).toBeGreaterThan(steady.size * 0.75);
  });

  test('rests if even the smallest calls are long, as long as they take, at most 50 ms', () => {
    const steady = walk(FIRST, serverOf(0.004), 40);
    const busy = walk(steady, serverOf(0.004, 20), 10);
    expect(busy).toMatchObject({ size: 50 });
    expect(busy.restMs).toBeCloseTo(20.2);
    expect(walk(steady, serverOf(0.004, 500), 10).restMs).toBe(50);
    expect(walk(busy, serverOf(0.004), 1).restMs).toBe(0);
  });
});
