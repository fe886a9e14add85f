import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadScript, type Redis, runScript } from '@atf/core';
import { type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

const folder = mkdtempSync(join(tmpdir(), 'atf-script-'));
let redis: SandboxRedis;
let client: SandboxClient;

beforeAll(async () => {
  redis = await startRedis();
  client = await redis.client();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await redis.stop();
});

/** A script from a file of its own, as it stands beside a module. */
function scriptOf(lua: string) {
  writeFileSync(join(folder, 'script.lua'), lua);
  return loadScript(pathToFileURL(join(folder, 'module.js')).href, './script.lua');
}

const run = <Reply>(lua: string, operands: Parameters<typeof runScript>[2] = {}) =>
  runScript<Reply>(client as unknown as Redis, scriptOf(lua), operands);

const calls = async (command: string) => {
  const stats = await client.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
};

describe('a script', () => {
  test('is sent once, and known by its hash from then on', async () => {
    await client.configResetStat();
    for (let i = 0; i < 3; i++) expect(await run("return 'once'")).toEqual(Buffer.from('once'));
    expect([await calls('evalsha'), await calls('eval')]).toEqual([3, 1]);
  });

  test('is sent again when the server has forgotten it', async () => {
    expect(await run('return 7')).toBe(7);
    await client.scriptFlush();
    expect(await run('return 7')).toBe(7);
  });

  test('runs once where it fails: only an unknown script is sent again', async () => {
    await run('return redis.call("DEL", "runs")');
    const failing = "redis.call('INCR', 'runs') return redis.error_reply('NOPE')";
    await expect(run(failing)).rejects.toThrow('NOPE');
    await expect(run(failing)).rejects.toThrow('NOPE');
    expect(await client.get('runs')).toBe('2');
  });

  test('takes and returns any bytes', async () => {
    const bytes = fc.uint8Array().map((array) => Buffer.from(array));
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (key, value) => {
        const lua = "redis.call('SET', KEYS[1], ARGV[1]) return { KEYS[1], redis.call('GET', KEYS[1]) }";
        expect(await run(lua, { keys: [key], args: [value] })).toEqual([key, value]);
      }),
    );
  });

  test('is given its keys and arguments in their order', async () => {
    const lua = 'return { #KEYS, #ARGV, KEYS[2], ARGV[1] }';
    const reply = await run(lua, { keys: ['a', 'b'], args: ['c', 'd', 'e'] });
    expect(reply).toEqual([2, 3, Buffer.from('b'), Buffer.from('c')]);
  });
});
