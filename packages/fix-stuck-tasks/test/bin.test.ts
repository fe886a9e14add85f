import { loadRecording, runBin, startRedis } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { KINDS } from '../src/kinds.js';
import { fixStuckTasksReportSchema } from '../src/schema.js';
import { useFixture } from './support.js';

const fixture = useFixture();
beforeEach(() => loadRecording(fixture.client));

const TOOL = 'fix-stuck-tasks';
const run = (...args: string[]) => runBin(TOOL, ['--redis-url', fixture.redis.url, ...args]);
// The recording is of another day: only what is put into a queue by hand is certain to be of this moment.
const QUICK = ['--only', 'ghost-entry', 'overdue-scheduled'];

test('a dry run says what is stuck, and why', async () => {
  const { code, stdout, stderr } = await run('--dry-run', ...QUICK);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(
    [
      'Stuck Task Repair Utility',
      `Redis URL: ${fixture.redis.url}`,
      'Mode: DRY RUN',
      '',
      'Scanned 38 tasks',
      `Broker: ${fixture.redis.url}, 3 messages`,
      '',
      'Finding             Found To repair',
      '------------------- ----- ---------',
      'overdue SCHEDULED   4     4',
      'ghost entry         1     1',
    ].join('\n'),
  );
  expect(stdout).toMatch(
    /\n5\. 00000000-0000-4000-8000-000000000001 \(ghost entry\)\n {3}in tasks:pending:primary, but there is no such task → entry removed from tasks:pending:primary\n/,
  );
  expect(stdout).toMatch(/\nDRY RUN: Would repair 5 findings\n\nTo do this, run:\n {2}fix-stuck-tasks .*\n$/);
});

test('--check exits 1 before and 0 after', async () => {
  const before = await run('--check', ...QUICK);
  expect([before.code, before.stdout]).toEqual([1, expect.stringMatching(/\n❌ 5 findings to repair\n$/)]);
  const { code, stdout } = await run(...QUICK);
  expect(code).toBe(0);
  expect(stdout).toContain('✅ Repaired 5 of 5');
  expect((await run('--check', ...QUICK)).code).toBe(0);
  expect((await run('--quiet', ...QUICK)).stdout).toBe('');
});

test('what cannot be repaired is said, also with --quiet, and the exit code is 1', async () => {
  await fixture.client.set('tasks:pending:retry', 'a string');
  const only = ['--quiet', '--only', 'overdue-scheduled'];
  for (const mode of [['--check'], []]) {
    const { code, stdout } = await run(...mode, ...only);
    expect(code).toBe(1);
    expect(stdout).toContain('left alone: tasks:pending:retry is a string\n');
    expect(stdout).toMatch(/\n\n❌ 4 findings that cannot be repaired\n$/);
  }
});

test('what an entry in a wrong queue keeps from repair is said in words', async () => {
  await fixture.client.rPush('tasks:pending:primary', await fixture.client.zRange('tasks:scheduled', 0, 0));
  const { stdout } = await run('--dry-run', '--only', 'overdue-scheduled');
  expect(stdout).toContain(
    'left alone: its id is in tasks:pending:primary, where it does not belong, and --only leaves it there\n',
  );
});

test('--json is one document by the exported schema, whatever the outcome', async () => {
  const outcomes = [];
  for (const { stdout } of [
    await run('--json', '--dry-run'),
    await run('--json', '--only', 'nonsense'),
    await runBin(TOOL, ['--json', '--redis-url', 'redis://127.0.0.1:1/0']),
    await run('--json', ...QUICK),
    await run('--json', ...QUICK),
  ]) {
    outcomes.push(fixStuckTasksReportSchema.parse(JSON.parse(stdout)).outcome);
  }
  expect(outcomes).toEqual(['found', 'failed', 'failed', 'repaired', 'clean']);
});

describe('a usage error is', () => {
  test.each([
    ['--limit 0'],
    ['--limit x'],
    ['--active-timeout 5'],
    ['--include stuck-active'],
    ['--broker-url redis://user:p-secret@'],
    ['--yes'],
  ])('%s', async (flags) => {
    const before = await fixture.digest();
    const { code, stdout, stderr } = await run(...flags.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toContain('p-secret');
    expect(await fixture.digest()).toBe(before);
  });
});

test('a wrong choice is answered with all choices, and with the one it may have meant', async () => {
  const { code, stderr } = await run('--only', 'overdue');
  const choices = KINDS.map((kind) => `"${kind}"`);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: [
      '❌ fix-stuck-tasks: --only does not take "overdue"; did you mean "overdue-scheduled"?',
      `   --only takes ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`,
      '',
    ].join('\n'),
  });
});

test('an unreachable broker is told from unreachable tasks', async () => {
  const { code, stderr } = await run('--dry-run', '--broker-url', 'redis://127.0.0.1:1/0');
  expect(code).toBe(4);
  expect(stderr).toContain('cannot reach Redis at redis://127.0.0.1:1/0 (--broker-url)');
});

test('--broker-url is read there, and its password is printed nowhere', async () => {
  const broker = await startRedis({ password: 'p-secret' });
  try {
    await (await broker.client()).lPush('celery', '[]');
    const { stdout, stderr } = await run('--dry-run', '--broker-url', broker.url, ...QUICK);
    expect(stdout).toContain(
      `Broker: redis://127.0.0.1:${broker.port}/0, 1 message, 1 of them not of Celery`,
    );
    expect(stdout + stderr).not.toContain('p-secret');
  } finally {
    await broker.stop();
  }
});
