import { describe, expect, test } from '@jest/globals';
import { ErrorReply } from 'redis';
import type { Redis } from './client.js';
import { Pacer, type PacerOptions } from './pacer.js';

const NOTHING = async (): Promise<unknown> => 'PONG';

/** A server on its own clock: each answer takes the way there and back, and so long for each key and each call. */
function scriptedServer({ wayMs = 0.4, ping = NOTHING } = {}) {
  let ms = 0;
  const load = { msAKey: 0.004, msACall: 0 };
  const sizes: number[] = [];
  const rests: number[] = [];
  const commands: string[] = [];
  const client = {
    sendCommand: async ([command = '']: string[]) => {
      commands.push(command);
      ms += wayMs;
      return await ping();
    },
  } as unknown as Redis;
  const time = {
    now: () => ms,
    sleep: async (rest: number) => {
      rests.push(rest);
      ms += rest;
    },
  };
  const pacerOf = (options: Partial<PacerOptions> = {}) => new Pacer(client, { size: 500, time, ...options });
  const call = async (size: number) => {
    sizes.push(size);
    ms += wayMs + load.msACall + size * load.msAKey;
  };
  const calls = async (pacer: Pacer, number: number) => {
    for (let i = 0; i < number; i++) await pacer.run(call);
  };
  return { pacerOf, calls, load, sizes, rests, commands };
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
    expect(server.rests.map((ms) => ms.toFixed(1))).toEqual(['20.6', '20.6', '20.6']);
    server.load.msACall = 0;
    server.rests.length = 0;
    await server.calls(pacer, 5);
    expect(server.rests).toHaveLength(1);
  });

  test('does not take a long way to the server for a slow server', async () => {
    const server = scriptedServer({ wayMs: 40 });
    const pacer = server.pacerOf();
    await server.calls(pacer, 40);
    expect(pacer.size).toBeGreaterThan(300);
    expect(server.rests).toEqual([]);
  });

  test('measures the way by one PING, which its user may be forbidden', async () => {
    const refused = async () => {
      throw new ErrorReply('NOPERM this user has no permissions to run the PING command');
    };
    const server = scriptedServer({ wayMs: 40, ping: refused });
    const pacer = server.pacerOf();
    await server.calls(pacer, 40);
    expect(server.commands).toEqual(['PING']);
    expect(pacer.size).toBeGreaterThan(300);
  });

  test('at full pace makes calls of one size, never rests, and asks nothing', async () => {
    const server = scriptedServer();
    server.load.msACall = 100;
    await server.calls(server.pacerOf({ pace: 'full' }), 3);
    expect(server.sizes).toEqual([500, 500, 500]);
    expect([server.rests, server.commands]).toEqual([[], []]);
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
});
