import { closeTarget, connectTarget, depsOf, failureOf } from '@atf/core';
import { allowUser, runBin, usersLackingOne } from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { resetRedis } from '../src/index.js';
import type { ResetRedisOptions } from '../src/options.js';
import { PERMISSIONS, rulesOf } from '../src/permissions.js';
import { FOREIGN, useSystem } from './use-system.js';

const system = useSystem();
const [MONITOR, MEASURING] = PERMISSIONS.monitor;
let files = 0;

beforeEach(async () => {
  await system.client.set('worker:heartbeat:old', '1'); // GETRANGE and PTTL are for heartbeats
  await system.stopWorkers();
  await system.client.scriptFlush();
});

const reset = { dryRun: false, confirm: true };
/** Each way of running it, and what the README says that it needs. */
const WAYS: [name: string, options: ResetRedisOptions, rules: readonly string[]][] = [
  ['--confirm', reset, rulesOf({ flushes: false, saves: false })],
  ['--confirm --scope db', { ...reset, scope: 'db' }, rulesOf({ flushes: true, saves: false })],
  ['--confirm --backup', { ...reset, backup: 'file' }, rulesOf({ flushes: false, saves: true })],
];

async function run(rules: readonly string[], { backup, ...options }: ResetRedisOptions) {
  const target = await connectTarget(await allowUser(system, 'resetter', rules), { name: 'test' });
  const file = backup && { backup: `${system.folder}/permissions-${files++}.ndjson` };
  try {
    return await resetRedis(depsOf(target), { ...options, ...file });
  } catch (error) {
    throw failureOf(error, target);
  } finally {
    closeTarget(target);
  }
}

test.each(WAYS)('%s can be done with the permissions that the README names', async (_, options, rules) => {
  expect((await run(rules, options)).outcome).toBe('repaired');
  expect(await system.client.dbSize()).toBe(options.scope === 'db' ? 0 : FOREIGN);
});

test('an inspection can be done by a user who may only read', async () => {
  const url = await allowUser(system, 'monitor', MONITOR);
  expect(await runBin('reset-redis', ['--redis-url', url, '--check'])).toMatchObject({ code: 1, stderr: '' });
});

test('the memory is estimated only with its permission', async () => {
  const measuredBy = async (rules: readonly string[]) => {
    const { inspection } = (await run(rules, { dryRun: true })).result;
    const { keys, estimatedBytes } = inspection!.unrelated;
    const tasks = inspection!.kinds.find(({ kind }) => kind === 'task')!;
    expect([keys, tasks.keys, inspection!.unrelated.samples.length]).toEqual([FOREIGN, 305, FOREIGN]);
    return [estimatedBytes, tasks.estimatedBytes];
  };
  expect(await measuredBy(MONITOR)).toEqual([null, null]);
  const any = expect.any(Number);
  expect(await measuredBy([...MONITOR, ...MEASURING])).toEqual([any, any]);
});

const DENIALS = [...WAYS, ['--check', { dryRun: true }, MONITOR] as const].flatMap(([name, options, rules]) =>
  usersLackingOne(rules, {
    except: ['+client|tracking', '+client|id', '+client|unblock', '+subscribe', '+xread', '&atf:counting'],
  }).map((user) => [name, user.lacks, options, user] as const),
);

test.each(DENIALS)('%s without %s changes nothing, and names it', async (_, __, options, user) => {
  const before = await system.digest();
  const failure = await run(user.rules, options).catch((error) => error);
  expect(failure).toMatchObject({ code: 'NO_PERMISSION', done: undefined });
  expect(`${failure.message} ${failure.why} ${failure.hint}`).toMatch(user.names);
  expect(await system.digest()).toBe(before);
});
