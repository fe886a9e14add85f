import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadReadingScript, loadScript, type Redis, runScript } from '@atf/core';
import { type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { useFolder } from '@atf/sandbox/jest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

const folder = useFolder();
let redis: SandboxRedis;
let client: SandboxClient;

beforeAll(async () => {
  redis = await startRedis();
  client = await redis.client();
});
afterAll(() => redis.stop());

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

describe('a script that only reads', () => {
  const reading = (lua: string) => {
    writeFileSync(join(folder, 'reading.lua'), lua);
    return loadReadingScript(pathToFileURL(join(folder, 'module.js')).href, './reading.lua');
  };

  test('needs no right to write, and cannot write', async () => {
    await client.set('key', 'value');
    await client.sendCommand(['ACL', 'SETUSER', 'reader', 'on', '>pw', '%R~key', '+get', '+@scripting']);
    const reader = await redis.client();
    await reader.auth({ username: 'reader', password: 'pw' });
    const get = reading("return redis.call('GET', KEYS[1])");
    const reply = await runScript(reader as unknown as Redis, get, { keys: ['key'] });
    expect(reply).toEqual(Buffer.from('value'));
    const set = reading("return redis.call('SET', KEYS[1], 'x')");
    await expect(runScript(client as unknown as Redis, set, { keys: ['key'] })).rejects.toThrow('read-only');
  });

  test('runs on a server that does not know EVALSHA_RO, as those before Redis 7', async () => {
    const older = await startRedis({ args: ['--rename-command', 'EVALSHA_RO', ''] });
    const admin = await older.client();
    const seven = reading('return 7');
    for (let i = 0; i < 3; i++) expect(await runScript(admin as unknown as Redis, seven, {})).toBe(7);
    const stats = await admin.info('commandstats');
    expect(stats).toMatch(/cmdstat_evalsha:calls=3/);
    await older.stop();
  });
});

describe('a missing permission', () => {
  const limited = async (...rules: string[]) => {
    await client.sendCommand(['ACL', 'SETUSER', 'limited', 'reset', 'on', '>pw', '+@scripting', ...rules]);
    const user = await redis.client();
    await user.auth({ username: 'limited', password: 'pw' });
    return user as unknown as Redis;
  };
  const lua = "redis.call('GET', KEYS[1]) return redis.call('MEMORY', 'USAGE', 'other')";

  test.each([
    [['~*', '+memory'], 'run get on key'],
    [['~*', '+get'], 'run memory|usage on other'],
    [['~key', '+get', '+memory'], 'run memory|usage on other'],
    [['~other', '+get', '+memory'], 'read and write the key key'],
    [['%R~*', '+get', '+memory'], 'read and write the key key'],
  ])('of a user with %j is named: %s', async (rules, named) => {
    const user = await limited(...rules);
    const run = runScript(user, scriptOf(lua), { keys: ['key'] });
    await expect(run).rejects.toThrow(`NOPERM this user has no permission to ${named}`);
  });

  test('is looked for without writing', async () => {
    await client.set('runs', '0');
    const user = await limited('~*', '+incr');
    const run = runScript(user, scriptOf("redis.call('INCR', 'runs') redis.call('GET', 'runs')"), {});
    await expect(run).rejects.toThrow(/can't run this command|no permissions to run/);
    expect(await client.get('runs')).toBe('1');
  });
});
