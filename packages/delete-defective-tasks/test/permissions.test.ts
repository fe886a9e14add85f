import { join } from 'node:path';
import {
  allowUser,
  dlqCopyKey,
  PRIMARY_QUEUE,
  runBin,
  SCHEDULED_SET,
  seedAsyncTaskFlow,
  taskKey,
  usersLackingOne,
} from '@atf/sandbox';
import { useFolder } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { PERMISSIONS } from '../src/permissions.js';
import { useBench } from './support.js';

const RULES = PERMISSIONS.writer.flat();
const [MONITOR] = PERMISSIONS.monitor;

const bench = useBench();
const folder = useFolder();
let files = 0;

beforeEach(async () => {
  await seedAsyncTaskFlow(bench.client, { tasks: 30, seed: 1, faults: { defectiveDlq: 2, notAHash: 1 } });
  await bench.client.hSet(taskKey('odd'), { state: 'DLQ' });
  await bench.client.hSet(dlqCopyKey('odd'), { state: 'DLQ' });
  await bench.client.hSet(taskKey('stats'), { hits: '1' });
  await bench.client.hSet(taskKey('dead'), { state: 'ACTIVE', worker_id: 'w1' });
  await bench.client.set('worker:heartbeat:w1', '1');
  await bench.client.hSet('unacked', 'tag', '[]');
  await bench.client.rPush(PRIMARY_QUEUE, ['odd', 'odd']);
  await bench.client.expire(taskKey('odd'), 1_000);
  await bench.client.zAdd(SCHEDULED_SET, { value: 'odd', score: 1 });
  await bench.client.scriptFlush();
});

const run = async (rules: readonly string[], ...args: string[]) =>
  runBin('delete-defective-tasks', ['--redis-url', await allowUser(bench, 'cleaner', rules), ...args]);

describe('the permissions that the README names', () => {
  test('are enough, with a backup too', async () => {
    expect(await run(RULES, '--check')).toMatchObject({ code: 1, stderr: '' });
    const { code, stderr, stdout } = await run(RULES, '--yes', '--backup', join(folder, 'backup'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Deleted 4 defective tasks');
  });

  test.each(usersLackingOne(RULES).map((user) => [user.lacks, user] as const))(
    '%s: without it nothing is changed, and it is named',
    async (_, user) => {
      const before = await bench.digest();
      const { code, stderr } = await run(user.rules, '--yes', '--backup', join(folder, `${files++}`));
      expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('Nothing was changed.') });
      expect(stderr).toMatch(user.names);
      expect(await bench.digest()).toBe(before);
    },
  );
});

describe('the permissions that the README names for a monitor', () => {
  test('are enough to look, and write nothing', async () => {
    expect(await run(MONITOR, '--check')).toMatchObject({ code: 1, stderr: '' });
    expect(await run(MONITOR, '--dry-run')).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(usersLackingOne(MONITOR).map((user) => [user.lacks, user] as const))(
    '%s: without it there is no answer, and it is named',
    async (_, user) => {
      expect(await run(user.rules, '--check')).toMatchObject({
        code: 4,
        stderr: expect.stringMatching(user.names),
      });
    },
  );
});
