import { existsSync } from 'node:fs';
import { depsOf, type ProgressUpdate, type Redis, targetOf } from '@atf/core';
import { celeryMetaKey, runBin } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { cleanupCeleryMeta } from '../src/index.js';
import { useResults } from './use-results.js';

const results = useResults();

describe('with --yes', () => {
  test('all results go, and nothing else', async () => {
    await results.add(700);
    await results.add(500, { ttl: 3_600 });
    const { code, stdout, stderr } = await results.run(['--yes']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Found 1200 celery-task-meta keys\n');
    expect(stdout).toContain(
      '   With an expiry: 500\n   Without an expiry (never removed on their own): 700\n',
    );
    expect(stdout).toMatch(/ {3}Memory: about \d+ kB \(estimate from \d+ measured\)\n/);
    expect(stdout).toMatch(/\n✅ Deleted 1200 celery-task-meta keys\n {3}Verified: none of them is left\n$/);
    expect(await results.digest()).toBe(results.digestWithout);
  });

  test('a second run finds nothing', async () => {
    await results.add(10);
    await results.run(['--yes']);
    const { code, stdout } = await results.run(['--yes']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\n✅ No celery-task-meta keys to delete\n$/)]);
    expect(await results.run(['--yes', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('the first step is small, because results of megabytes take long to free', async () => {
    await results.add(5_000);
    const updates: ProgressUpdate[] = [];
    const deps = depsOf(targetOf(results.client as unknown as Redis));
    const noting = { ...deps, progress: (update: ProgressUpdate) => void updates.push(update) };
    await cleanupCeleryMeta(noting, { dryRun: false, yes: true });
    const [first] = updates.filter(({ step }) => step === 'delete');
    expect(first?.done).toBeLessThan(100);
    expect(await results.left()).toEqual([]);
  });

  test('keys of any bytes go', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await results.client.set(Buffer.concat([Buffer.from('celery-task-meta-'), bytes]), 'x');
    await results.client.set(celeryMetaKey('\u001b[2J\n*?[x]'), 'x');
    await results.client.set(celeryMetaKey(''), '');
    expect((await results.run(['--dry-run'])).stdout).not.toContain('\u001b');
    expect((await results.run(['--yes'])).stdout).toContain('✅ Deleted 3 celery-task-meta keys\n');
    expect(await results.digest()).toBe(results.digestWithout);
  });

  test('keys of that name that are not a string stay, and are named', async () => {
    await results.client.lPush(celeryMetaKey('a-list'), 'x');
    await results.client.hSet(celeryMetaKey('a-hash'), 'x', 'y');
    await results.keep();
    await results.add(5);
    const { code, stdout } = await results.run(['--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('⚠️  Left alone, not a string and so no result: 2\n');
    expect(stdout).toContain('   - celery-task-meta-a-list\n');
    expect(stdout).toContain('✅ Deleted 5 celery-task-meta keys\n');
    expect(await results.digest()).toBe(results.digestWithout);
  });
});

describe.each([
  ['--dry-run', 0, 'DRY RUN: Would delete 12 celery-task-meta keys\n'],
  ['--check', 1, '❌ 12 celery-task-meta keys can be deleted\n'],
])('%s', (flag, exitCode, conclusion) => {
  test(`shows what there is with some names, and exits ${exitCode}`, async () => {
    const [first] = await results.add(12);
    const { code, stdout, stderr } = await results.run([flag]);
    expect([code, stderr]).toEqual([exitCode, '']);
    expect(stdout).toContain('Found 12 celery-task-meta keys\n');
    expect(stdout).toContain('   … and 2 more\n');
    expect(stdout).toContain(`\n${conclusion}`);
    expect((await results.run([flag, '--json'])).stdout).toContain(first);
  });

  test('writes nothing, not even a backup file', async () => {
    await results.add(12);
    await results.keep();
    const path = `${results.folder}/${flag}.ndjson`;
    await results.run([flag, '--yes', '--backup', path, '--older-than', '1s']);
    expect(await results.digest()).toBe(results.digestWithout);
    expect(existsSync(path)).toBe(false);
  });

  test('exits 0 where there is nothing', async () => {
    expect(await results.run([flag, '--quiet'])).toMatchObject({ code: 0, stdout: '' });
  });
});

test('another database is another target', async () => {
  await results.add(3);
  const other = results.redis.url.replace(/0$/, '3');
  expect((await results.run(['--yes', '--json'])).code).toBe(0);
  await results.client.select(3);
  expect(await results.left()).toEqual([celeryMetaKey('in-another-database')]);
  await results.client.select(0);
  const { stdout } = await runBin('cleanup-celery-meta', ['--yes', '--redis-url', other]);
  expect(stdout).toContain('✅ Deleted 1 celery-task-meta keys\n');
});
