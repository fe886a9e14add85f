import { closeTarget, connectTarget, depsOf, failureOf } from '@atf/core';
import { allowUser, celeryMeta, celeryMetaKey, runBin, usersLackingOne } from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { type CleanupCeleryMetaOptions, cleanupCeleryMeta } from '../src/index.js';
import { PERMISSIONS, rulesOf } from '../src/permissions.js';
import { useResults } from './use-results.js';

const results = useResults();
const [MONITOR, MEASURING] = PERMISSIONS.monitor;
const OLD = { olderThanMs: 3_600_000 };
let files = 0;

async function run(rules: readonly string[], { backup, ...options }: CleanupCeleryMetaOptions) {
  const target = await connectTarget(await allowUser(results, 'cleaner', rules), { name: 'test' });
  const file = backup && { backup: `${results.folder}/permissions-${files++}.ndjson` };
  try {
    return await cleanupCeleryMeta(depsOf(target), { ...options, ...file });
  } catch (error) {
    throw failureOf(error, target);
  } finally {
    closeTarget(target);
  }
}

beforeEach(async () => {
  await results.add(5, { ageMs: 7_200_000 });
  const date = new Date(Date.now() - 7_200_000).toISOString();
  await results.client.set(celeryMetaKey('large'), celeryMeta('x'.repeat(70_000), date));
  await results.client.set(celeryMetaKey('brief'), '{}', { expiration: { type: 'EX', value: 9_000 } });
  await results.client.scriptFlush();
});

/** Each way of running it, and what the README says that it needs. */
const WAYS: [name: string, options: CleanupCeleryMetaOptions, rules: readonly string[]][] = [
  ['a deletion', { dryRun: false }, rulesOf({ saves: false })],
  ['--older-than', { dryRun: false, ...OLD }, rulesOf({ saves: false })],
  ['--backup', { dryRun: false, backup: 'file' }, rulesOf({ saves: true })],
];
const LOOKS: typeof WAYS = [
  ['--check', { dryRun: true }, MONITOR],
  ['--check --older-than', { dryRun: true, ...OLD }, MONITOR],
];

test.each(WAYS)('%s can be done with the permissions that the README names', async (_, options, rules) => {
  expect((await run(rules, options)).outcome).toBe('repaired');
});

test.each(LOOKS)('%s can be done by a user who may only read', async (_, options, rules) => {
  expect((await run(rules, options)).outcome).toBe('found');
});

test('a monitor gets no error from the program either', async () => {
  const url = await allowUser(results, 'cleaner', MONITOR);
  const { code, stderr } = await runBin('cleanup-celery-meta', ['--redis-url', url, '--check']);
  expect([code, stderr]).toEqual([1, '']);
});

test('the memory is estimated only with its permission', async () => {
  expect((await run(MONITOR, { dryRun: true })).result.memory).toBeNull();
  expect((await run([...MONITOR, ...MEASURING], { dryRun: true })).result.memory?.measured).toBe(7);
});

const DENIALS = [...WAYS, ...LOOKS].flatMap(([name, options, rules]) =>
  usersLackingOne(rules).map((user) => [name, user.lacks, options, user] as const),
);

test.each(DENIALS)('%s without %s changes nothing, and names it', async (_, __, options, user) => {
  const before = await results.digest();
  const failure = await run(user.rules, options).catch((error) => error);
  expect(failure).toMatchObject({ code: 'NO_PERMISSION', done: undefined });
  expect(`${failure.message} ${failure.why} ${failure.hint}`).toMatch(user.names);
  expect(await results.digest()).toBe(before);
});
