import { describe, expect, test } from '@jest/globals';
import { Pacer, type PacerOptions, type PacerTime } from './pacer.js';

/** A server that works so long on each key and each call. */
function scriptedServer() {
  const load = { msAKey: 0.004, msACall: 0 };
  const sizes: number[] = [];
  const rests: number[] = [];
  let measured = 0;
  const time: PacerTime = {
    servedMs: () => {
      measured++;
      return load.msACall + sizes.at(-1)! * load.msAKey;
    },
    sleep: async (rest) => {
      rests.push(rest);
    },
  };
  const pacerOf = (options: Partial<PacerOptions> = {}) => new Pacer({ size: 500, time, ...options });
  const calls = async (pacer: Pacer, number: number) => {
    for (let i = 0; i < number; i++) await pacer.run(async (size) => sizes.push(size));
  };
  return { pacerOf, calls, load, sizes, rests, measured: () => measured };
}

describe('a pacer', () => {
  test('comes to calls of about 2 ms', async () => {
    const server = scriptedServer();
    await server.calls(server.pacerOf(), 40);
    const last = server.sizes.at(-1)! * server.load.msAKey;
    expect([last > 1.5, last < 2.5]).toEqual([true, true]);
    expect(server.rests).toEqual([]);
  });

  test('makes its calls smaller when the server gets slow, and larger again afterwards', async () => {
    const server = scriptedServer();
    const pacer = server.pacerOf();
    await server.calls(pacer, 40);
    const before = pacer.size;
    server.load.msAKey = 0.03;
    await server.calls(pacer, 20);
    expect(pacer.size).toBeLessThan(100);
    server.load.msAKey = 0.004;
    await server.calls(pacer, 60);
    expect(pacer.size).toBeGreaterThan(before * 0.75);
  });

  test('rests before each call, as long as the last one took, while others keep the server busy', async () => {
    const server = scriptedServer();
    const pacer = server.pacerOf();
    await server.calls(pacer, 1);
    server.load.msACall = 20;
    await server.calls(pacer, 10);
    expect(pacer.size).toBe(50);
    server.rests.length = 0;
    await server.calls(pacer, 3);
    expect(server.rests.map((ms) => ms.toFixed(1))).toEqual(['20.2', '20.2', '20.2']);
    server.load.msACall = 0;
    server.rests.length = 0;
    await server.calls(pacer, 5);
    expect(server.rests).toHaveLength(1);
  });

  test('at full pace makes calls of one size, never rests, and measures nothing', async () => {
    const server = scriptedServer();
    server.load.msACall = 100;
    await server.calls(server.pacerOf({ pace: 'full' }), 3);
    expect(server.sizes).toEqual([500, 500, 500]);
    expect([server.rests, server.measured()]).toEqual([[], 0]);
  });

  test('keeps to the least and the most that it is given', async () => {
    const server = scriptedServer();
    const pacer = server.pacerOf({ first: 4, min: 3, max: 5 });
    await server.calls(pacer, 10);
    expect(pacer.size).toBe(5);
    server.load.msAKey = 10;
    await server.calls(pacer, 10);
    expect(pacer.size).toBe(3);
  });

  test('keeps the size of a call of which nothing was measured', async () => {
    const pacer = new Pacer({ size: 500, time: { servedMs: () => undefined, sleep: async () => {} } });
    expect(await pacer.run(async (size) => size)).toBe(500);
    expect(pacer.size).toBe(500);
  });
});
