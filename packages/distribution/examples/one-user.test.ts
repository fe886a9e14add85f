import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowUser, loadRecording, runBin } from '@atf/sandbox';
import { useEmptyRedis, useFolder } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type PublishedTool, ROOT, TOOLS } from '../src/tools.js';

const text = readFileSync(`${ROOT}/examples/README.md`, 'utf8');
/** The rules of a user that the examples name, without `on` and password. */
const rulesOf = (user: string) =>
  new RegExp(`^ACL SETUSER ${user} on >password (.+)$`, 'm').exec(text)?.[1]?.split(' ') ?? [];

const folder = useFolder();
const fixture = useEmptyRedis();
beforeEach(async () => {
  await loadRecording(fixture.client);
  await fixture.client.mSet({ 'metrics:tasks:state:active': '99', 'celery-task-meta-1': '{}' });
});

const runAs = async (user: string, tool: string, ...args: string[]) => {
  const url = await allowUser(fixture, user, rulesOf(user));
  const { code, stderr } = await runBin(tool, ['--redis-url', url, ...args]);
  return { code, stderr };
};

/** A tool that only reads has no --check, and no user that writes. */
const isReadOnly = ({ bin }: PublishedTool) =>
  readFileSync(`${ROOT}/packages/${bin}/src/cli.ts`, 'utf8').includes('readOnly: true');

test('the user atf may run every tool', async () => {
  const done = { code: 0, stderr: '' };
  const saved = (name: string) => ['--yes', '--backup', join(folder, name)];
  expect(await runAs('atf', 'initialize-counters')).toEqual(done);
  expect(await runAs('atf', 'fix-counter-sync')).toEqual(done);
  expect(await runAs('atf', 'delete-defective-tasks', ...saved('defective'))).toEqual(done);
  expect(await runAs('atf', 'fix-stuck-tasks')).toEqual(done);
  expect(await runAs('atf', 'cleanup-celery-meta', '--older-than', '1d', ...saved('results'))).toEqual(done);
  expect(await runAs('atf', 'reset-redis', '--confirm', '--force', '--backup', join(folder, 'all'))).toEqual(
    done,
  );
  expect(await runAs('atf', 'restore-backup', join(folder, 'all'))).toEqual(done);
  expect(await runAs('atf', 'reset-redis', '--confirm', '--force', '--scope', 'db')).toEqual(done);
});

describe('the user atf-monitor', () => {
  test.each(TOOLS.filter(({ bin }) => bin !== 'restore-backup'))('may look with $bin', async (tool) => {
    const { code, stderr } = await runAs('atf-monitor', tool.bin, ...(isReadOnly(tool) ? [] : ['--check']));
    expect(stderr).toBe('');
    expect([0, 1]).toContain(code);
  });

  test('may look with restore-backup', async () => {
    const backup = join(folder, 'before');
    await runAs('atf', 'reset-redis', '--confirm', '--force', '--backup', backup);
    expect(await runAs('atf-monitor', 'restore-backup', backup, '--check')).toEqual({ code: 1, stderr: '' });
  });

  test('may not write', async () => {
    const before = await fixture.digest();
    expect(await runAs('atf-monitor', 'fix-counter-sync')).toMatchObject({ code: 4 });
    expect(await fixture.digest()).toBe(before);
  });
});

test('no two READMEs give the same user permissions', () => {
  const named = TOOLS.map((tool) => {
    const users = readFileSync(tool.readme, 'utf8').matchAll(/^ACL SETUSER (\S+)/gm);
    return { tool, users: [...new Set([...users].map(([, user]) => user as string))] };
  });
  for (const { tool, users } of named) {
    expect(users).toContain(`atf-${tool.bin}-monitor`);
    expect(users.includes(`atf-${tool.bin}`)).toBe(!isReadOnly(tool));
  }
  const all = named.flatMap(({ users }) => users);
  expect(new Set(all).size).toBe(all.length);
});
