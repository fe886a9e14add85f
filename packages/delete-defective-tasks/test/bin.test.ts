import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commandOfBin,
  countStates,
  loadRecording,
  RECORDING,
  runBin,
  seedAsyncTaskFlow,
  taskKey,
} from '@atf/sandbox';
import { useFolder } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { deleteDefectiveTasksReportSchema } from '../src/schema.js';
import { SOUND, useFixture } from './support.js';

const fixture = useFixture();
const folder = useFolder();
beforeEach(() => loadRecording(fixture.client));

const TOOL = 'delete-defective-tasks';
const run = (...args: string[]) => runBin(TOOL, ['--redis-url', fixture.redis.url, ...args]);
const answer = (stdin: string, ...args: string[]) =>
  runBin(TOOL, ['--redis-url', fixture.redis.url, ...args], { stdin });

test('a dry run prints the report that the old script printed', async () => {
  const { code, stdout } = await run('--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain(
    [
      'Defective Task Cleanup Utility',
      `Redis URL: ${fixture.redis.url}`,
      'Mode: DRY RUN',
      '',
      `Connected to Redis at ${fixture.redis.url}`,
      'Scanned 38 total tasks',
      'Found 4 defective tasks',
      '',
      'Defective tasks found:',
      '-'.repeat(80),
      '1. Redis Key: task:',
    ].join('\n'),
  );
  expect(stdout).toContain(
    [
      '   Task ID: missing',
      '   State: COMPLETED',
      '   Created: missing',
      '   Updated: 2026-11-22T15:10:52.604759',
      '   Completed: 2026-11-22T15:10:52.604759',
      '   Type: missing',
      '   Content: missing',
    ].join('\n'),
  );
  expect(stdout).toMatch(
    /\nDRY RUN: Would delete 4 defective tasks\n\nTo do this, run:\n {2}delete-defective-tasks .*--backup backups\/\n$/,
  );
});

test("the old script's monitoring line works as it stands", () => {
  const line = `DEFECTIVE_COUNT=$("$@" --dry-run | grep "Found.*defective tasks" | awk '{print $2}')
if [ "$DEFECTIVE_COUNT" -gt 0 ]; then echo "WARNING: $DEFECTIVE_COUNT defective tasks found in Redis"; fi`;
  const [node, ...rest] = commandOfBin(TOOL);
  const shell = ['-c', line, 'sh', node, ...rest, '--redis-url', fixture.redis.url];
  expect(execFileSync('sh', shell, { encoding: 'utf8' })).toBe('WARNING: 4 defective tasks found in Redis\n');
});

describe('the question', () => {
  test('is answered by yes through a pipe', async () => {
    const { code, stdout, stderr } = await answer('yes\n');
    expect(stderr).toContain(`Target: ${fixture.redis.url}, 51 keys, 38 tasks`);
    expect(code).toBe(0);
    expect(stdout).toContain('Deleted 4 defective tasks');
    expect(await fixture.client.exists(RECORDING.unknownIds.map(taskKey))).toBe(0);
  });

  test.each(['no\n', 'y\n', 'YES\n', 'yes please\n', '\n', ''])(
    '%j is a refusal: exit 3, nothing changed',
    async (stdin) => {
      const before = await fixture.digest();
      const { code, stdout, stderr } = await answer(stdin);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('Nothing was changed.');
      expect(await fixture.digest()).toBe(before);
    },
  );

  test('is not asked with --yes', async () => {
    const { code, stderr } = await run('--yes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

test('--check exits 1 before and 0 after; so does fix-counter-sync say 0 both times', async () => {
  const counters = async () => (await runBin('fix-counter-sync', [fixture.redis.url, '--check'])).code;
  expect([await counters(), (await run('--check')).code]).toEqual([0, 1]);
  await run('--yes');
  expect([await counters(), (await run('--check')).code]).toEqual([0, 0]);
});

test('--json is one document by the exported schema, whatever the outcome', async () => {
  const outcomes = [];
  const closed = ['--json', '--redis-url', 'redis://127.0.0.1:1/0'];
  for (const { stdout } of [
    await run('--json', '--dry-run'),
    await run('--json', '--include', 'nonsense'),
    await answer('no\n', '--json'),
    await runBin(TOOL, closed),
    await run('--json', '--yes'),
    await run('--json', '--yes'),
  ]) {
    outcomes.push(deleteDefectiveTasksReportSchema.parse(JSON.parse(stdout)).outcome);
  }
  expect(outcomes).toEqual(['found', 'failed', 'refused', 'failed', 'repaired', 'clean']);
});

describe('--backup', () => {
  test('holds all that goes, and its end', async () => {
    const file = join(folder, 'whole');
    await run('--yes', '--backup', file);
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([undefined, 'task', 'task', 'task', 'task', 'end']);
    const entries = lines.flatMap(({ entries = [] }) => entries);
    expect(entries).toHaveLength(1);
  });

  test('is never overwritten: exit 2, nothing deleted', async () => {
    const file = join(folder, 'twice');
    await run('--yes', '--backup', file);
    await loadRecording(fixture.client);
    const [before, written] = [await fixture.digest(), readFileSync(file)];
    expect((await run('--yes', '--backup', file)).code).toBe(2);
    expect(await fixture.digest()).toBe(before);
    expect(readFileSync(file)).toEqual(written);
  });

  test('on a full disk stops the tool before it deletes', async () => {
    const before = await fixture.digest();
    const file = join(folder, 'full');
    const [node, ...rest] = commandOfBin(TOOL);
    // A file may take one block of 512 bytes: the header fits, the first record does not.
    const shell = `trap '' XFSZ; ulimit -f 1; exec "$@" 2>&1`;
    const args = [
      '-c',
      shell,
      'sh',
      node,
      ...rest,
      '--redis-url',
      fixture.redis.url,
      '--yes',
      '--backup',
      file,
    ];
    let failure: { status?: number; stdout?: string } = {};
    try {
      execFileSync('sh', args, { encoding: 'utf8' });
    } catch (error) {
      failure = error as typeof failure;
    }
    expect(failure.status).toBe(1);
    expect(failure.stdout).toContain('the backup cannot be written');
    expect(await fixture.digest()).toBe(before);
  });

  test('on a disk that gets full on the way ends the run, which says what was deleted', async () => {
    await fixture.client.flushAll();
    await seedAsyncTaskFlow(fixture.client, { tasks: 500, seed: 1, faults: { yearOne: 400 } });
    const [node, ...rest] = commandOfBin(TOOL);
    const shell = `trap '' XFSZ; ulimit -f 400; exec "$@" 2>&1`;
    const tool = [
      node,
      ...rest,
      '--redis-url',
      fixture.redis.url,
      '--yes',
      '--backup',
      join(folder, 'fuller'),
    ];
    let output = '';
    try {
      execFileSync('sh', ['-c', shell, 'sh', ...tool], { encoding: 'utf8' });
    } catch (error) {
      output = String((error as { stdout: string }).stdout);
    }
    const [, deleted] = /(\d+) tasks were deleted before the failure/.exec(output) ?? [];
    expect(Number(deleted)).toBeGreaterThan(0);
    expect(output).not.toContain('may have been made');
    expect((await countStates(fixture.client)).tasks).toBe(900 - Number(deleted));
  });

  test('is not made by a dry run', async () => {
    const file = join(folder, 'dry');
    await run('--dry-run', '--backup', file);
    expect(existsSync(file)).toBe(false);
  });
});

test('too many defective tasks: exit 3, nothing changed', async () => {
  const before = await fixture.digest();
  const { code, stderr } = await run('--yes', '--max-defective-percent', '10');
  expect(code).toBe(3);
  expect(stderr).toContain('4 of 38 keys under task: would be deleted');
  expect(await fixture.digest()).toBe(before);
});

test.each([
  ['--include unknown-state'],
  ['--include unknown-state --include not-a-hash'],
  ['--include=unknown-state'],
])('%s deletes those as well', async (flags) => {
  await fixture.client.hSet('task:new', { ...SOUND, task_id: 'new', state: 'PAUSED' });
  const { code, stdout } = await run('--yes', ...flags.split(' '));
  expect(code).toBe(0);
  expect(stdout).toContain('Deleted 5 defective tasks');
  expect(await fixture.client.exists('task:new')).toBe(0);
});
