import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dlqCopyKey, PRIMARY_QUEUE, runBin, SCHEDULED_SET, seedAsyncTaskFlow, taskKey } from '@atf/sandbox';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { useRedis } from './support.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const rulesOf = (line: RegExp) => line.exec(README)![1]!.split(' ');
const RULES = [
  ...rulesOf(/^ACL SETUSER cleaner on >password (.+)$/m),
  ...rulesOf(/^ACL SETUSER cleaner (\+.+)$/m),
];

const bench = useRedis();
const folder = mkdtempSync(join(tmpdir(), 'atf-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  await seedAsyncTaskFlow(bench.client, { tasks: 30, seed: 1, faults: { defectiveDlq: 2, notAHash: 1 } });
  await bench.client.hSet(taskKey('odd'), { state: 'DLQ' });
  await bench.client.hSet(dlqCopyKey('odd'), { state: 'DLQ' });
  await bench.client.rPush(PRIMARY_QUEUE, ['odd', 'odd']);
  await bench.client.expire(taskKey('odd'), 1_000);
  await bench.client.zAdd(SCHEDULED_SET, { value: 'odd', score: 1 });
  await bench.client.scriptFlush();
  await allow(RULES);
});

const allow = (rules: readonly string[]) =>
  bench.client.sendCommand(['ACL', 'SETUSER', 'cleaner', 'reset', 'on', '>password', ...rules]);

const run = (...args: string[]) =>
  runBin('delete-defective-tasks', [
    '--redis-url',
    `redis://cleaner:password@127.0.0.1:${bench.redis.port}/0`,
    ...args,
  ]);

describe('the permissions that the README names', () => {
  test('are enough, with a backup too', async () => {
    expect(await run('--check')).toMatchObject({ code: 1, stderr: '' });
    const { code, stderr, stdout } = await run('--yes', '--backup', join(folder, 'backup'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Deleted 3 defective tasks');
  });

  // +ping is for runs that wait longer than some seconds for an answer.
  test.each(RULES.filter((rule) => /^[+]/.test(rule) && rule !== '+ping'))(
    '%s: without it nothing is changed, and that is said',
    async (rule) => {
      await allow([...RULES, rule.replace('+', '-')]);
      const before = await bench.digest();
      const file = join(folder, `without-${rule.slice(1).replaceAll('|', '-')}`);
      const { code, stderr } = await run('--yes', '--backup', file);
      expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('Nothing was changed.') });
      expect(await bench.digest()).toBe(before);
    },
  );
});
