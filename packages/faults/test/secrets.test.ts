import { readFile } from 'node:fs/promises';
import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import {
  counterKey,
  runBin,
  type SandboxRedis,
  seedAsyncTaskFlow,
  startBin,
  startProxy,
  startRedis,
} from '@atf/sandbox';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RedisInstance } from '../src/redis-instance.js';
import { isLong, naming, randomFor } from '../src/test-size.js';
import { BINS } from '../src/tools.js';

/** Every character that a URL or a pattern might stumble over; parts of it tell a half-hidden one. */
const PASSWORD = 'Geh3im@1:2/3?4#5%6 7"8\\9ä$&';
const ENCODED = encodeURIComponent(PASSWORD);
const PARTS = [/geh3im/i, /4#5/, /4%235/, /7"8/, /7%228/, /8\\+9/, /%5C9/i];

const NAMES = BINS;
/** The least that a tool must be given. */
const argumentsOf = (tool: string) => (tool === 'restore-backup' ? ['no-such-file'] : []);

/** Wrong places of a URL in a command line, all read by the same code: each of them for one tool, one for each of the others. */
const PLACES: readonly ((url: string) => string[])[] = [
  (url) => [url],
  (url) => ['--max-runtime', url],
  (url) => [`--redis_url=${url}`],
  (url) => ['--unknown', url],
  (url) => [`--dry-run=${url}`],
];

let redis: SandboxRedis;
let instance: RedisInstance;

beforeAll(async () => {
  instance = await RedisInstance.start();
  redis = await startRedis({ password: PASSWORD });
  const admin = await redis.client();
  await admin.sendCommand(['ACL', 'SETUSER', 'weak', 'on', `>${PASSWORD}`, '~*', '+@connection', '+info']);
  await seedAsyncTaskFlow(admin, { tasks: 50, seed: 1, faults: { unknownId: 3 } });
  await admin.set(counterKey('ACTIVE'), '77');
});
afterAll(async () => {
  await redis.stop();
  await instance.stop();
});

function expectNoSecret(text: string): void {
  for (const part of PARTS) expect(text).not.toMatch(part);
}

/** Runs a tool with --json and all stacks, so that all that it knows of a failure is printed. */
async function failing(tool: string, args: readonly string[], env: Record<string, string> = {}) {
  const run = await runBin(tool, [...args, '--json'], { env: { DEBUG: 'atf', ...env } });
  expectNoSecret(run.stdout + run.stderr);
  expect(run.stderr).toMatch(/^AtfError: /);
  return run;
}

describe('no part of the password is printed where', () => {
  const login = (user: string) => `${user}:${ENCODED}@`;
  test.each<[string, () => string, number]>([
    ['it is wrong', () => `redis://${login('nobody')}127.0.0.1:${redis.port}/0`, 4],
    ['the user lacks a permission', () => `redis://${login('weak')}127.0.0.1:${redis.port}/0`, 4],
    ['there is no such database', () => `redis://${login('')}127.0.0.1:${redis.port}/99`, 2],
    ['the host is unknown', () => `redis://${login('')}no-such-host.invalid:6379/0`, 4],
    ['nothing listens', () => `redis://${login('')}127.0.0.1:1/0`, 4],
    ['the port is none', () => `redis://${login('')}host:99999/0`, 2],
    ['the scheme is another', () => `http://${login('')}host:6379/0`, 2],
    ['there is a query', () => `redis://${login('')}host:6379/0?x=${ENCODED}`, 2],
    ['the database is none', () => `redis://${login('')}host:6379/${ENCODED}`, 2],
    ['it is not encoded', () => `redis://:${PASSWORD}@127.0.0.1:${redis.port}/0`, 2],
    ['its encoding is broken', () => `redis://:${ENCODED}%zz@127.0.0.1:${redis.port}/0`, 2],
    ['the scheme is missing', () => `:${PASSWORD}@127.0.0.1:${redis.port}`, 2],
  ])('%s', async (_, urlOf, code) => {
    const url = urlOf();
    const byFlag = await failing('fix-counter-sync', ['--redis-url', url]);
    expect(byFlag.code).toBe(code);
    const others = NAMES.filter((tool) => tool !== 'fix-counter-sync');
    const tool = others[url.length % others.length]!;
    await failing(tool, argumentsOf(tool), { REDIS_URL: url });
  });

  test.each<[string, () => string, number]>([
    ['is wrong', () => `redis://${login('nobody')}127.0.0.1:${redis.port}/1`, 4],
    ['is for a server that is not there', () => `redis://${login('')}127.0.0.1:1/0`, 4],
    ['stands in a URL of another scheme', () => `http://${login('')}host:6379/0`, 2],
  ])('that of the broker %s', async (_, urlOf, code) => {
    const run = await failing('fix-stuck-tasks', ['--broker-url', urlOf()], { REDIS_URL: redis.url });
    expect(run.code).toBe(code);
  });

  const misplaced = () => `redis://:${PASSWORD}@127.0.0.1:${redis.port}/0`;
  test.each(NAMES)('the URL of %s stands in a wrong place', async (tool) => {
    const own = argumentsOf(tool);
    for (const place of isLong || tool === NAMES[0] ? PLACES : [randomFor(tool).pick(PLACES)])
      await naming(`${tool}, ${place}`, () => failing(tool, [...own, ...place(misplaced())]));
  });

  test.each([
    ['restore-backup', []],
    ['delete-defective-tasks', ['--yes', '--backup']],
    ['delete-defective-tasks', ['--include']],
    ['delete-defective-tasks', ['--max-defective-percent']],
    ['cleanup-celery-meta', ['--older-than']],
    ['cleanup-celery-meta', ['--yes', '--backup']],
    ['reset-redis', ['--scope']],
    ['reset-redis', ['--confirm', '--force', '--backup']],
  ])('it is taken for a value of %s %j', async (tool, before) => {
    const { code } = await failing(tool, [...before, misplaced()], { REDIS_URL: redis.url });
    expect(code).toBeGreaterThan(0);
  });
});

test('it is in no backup, no lock, no list of clients, and soon not in the list of processes', async () => {
  const seen: string[] = [];
  const admin = await redis.client();
  const backup = instance.path();
  const observe = async (tool: string, args: readonly string[]) => {
    const proxy = await startProxy(redis.url, {
      treat: () => ({
        async beforeReply() {
          seen.push((await admin.get(MAINTENANCE_LOCK_KEY)) ?? '');
          seen.push(String(await admin.sendCommand(['CLIENT', 'LIST'])));
          seen.push(await readFile(`/proc/${started.child.pid}/cmdline`, 'utf8').catch(() => ''));
        },
      }),
    });
    const started = startBin(tool, [...args, '--redis-url', proxy.url]);
    const { code, stdout, stderr } = await started.ended;
    seen.push(stdout, stderr);
    await proxy.stop();
    expect([code, stderr]).toEqual([0, '']);
  };
  await observe('delete-defective-tasks', ['--yes', '--backup', backup]);
  await observe('fix-counter-sync', []);
  expect(seen.some((text) => text.includes('"token"'))).toBe(true);
  for (const text of [...seen, await readFile(backup, 'utf8')]) expectNoSecret(text);
});
