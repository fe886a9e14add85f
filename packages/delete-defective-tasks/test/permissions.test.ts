import { join } from 'node:path';
import { closeTarget, connectTarget, depsOf, failureOf } from '@atf/core';
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
import { beforeEach, expect, test } from '@jest/globals';
import { type DeleteDefectiveTasksOptions, deleteDefectiveTasks } from '../src/index.js';
import { PERMISSIONS } from '../src/permissions.js';
import { DELETE, DRY_RUN, useFixture } from './support.js';

const RULES = PERMISSIONS.writer.flat();
const [MONITOR] = PERMISSIONS.monitor;

const fixture = useFixture();
const folder = useFolder();
let files = 0;

beforeEach(async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 30, seed: 1, faults: { defectiveDlq: 2, notAHash: 1 } });
  await fixture.client.hSet(taskKey('odd'), { state: 'DLQ' });
  await fixture.client.hSet(dlqCopyKey('odd'), { state: 'DLQ' });
  await fixture.client.hSet(taskKey('stats'), { hits: '1' });
  await fixture.client.hSet(taskKey('dead'), { state: 'ACTIVE', worker_id: 'w1' });
  await fixture.client.set('worker:heartbeat:w1', '1');
  await fixture.client.hSet('unacked', 'tag', '[]');
  await fixture.client.zAdd('unacked_index', { value: 'tag', score: 1 });
  await fixture.client.rPush(PRIMARY_QUEUE, ['odd', 'odd']);
  await fixture.client.expire(taskKey('odd'), 1_000);
  await fixture.client.zAdd(SCHEDULED_SET, { value: 'odd', score: 1 });
  await fixture.client.scriptFlush();
});

async function run(rules: readonly string[], options: DeleteDefectiveTasksOptions) {
  const target = await connectTarget(await allowUser(fixture, 'cleaner', rules), { name: 'test' });
  try {
    return await deleteDefectiveTasks(depsOf(target), options);
  } catch (error) {
    throw failureOf(error, target);
  } finally {
    closeTarget(target);
  }
}
const withBackup = () => ({ ...DELETE, backup: join(folder, `${files++}`) });

test('the permissions that the README names are enough, with a backup too', async () => {
  expect((await run(RULES, DRY_RUN)).outcome).toBe('found');
  const { outcome, result } = await run(RULES, withBackup());
  expect([outcome, result.deleted]).toEqual(['repaired', 4]);
});

test('the permissions that the README names for a monitor are enough to look', async () => {
  const url = await allowUser(fixture, 'cleaner', MONITOR);
  const { code, stderr } = await runBin('delete-defective-tasks', ['--redis-url', url, '--check']);
  expect([code, stderr]).toEqual([1, '']);
});

const DENIALS = [
  ...usersLackingOne(RULES).map((user) => ['a deletion', user.lacks, withBackup, user] as const),
  ...usersLackingOne(MONITOR).map((user) => ['a look', user.lacks, () => DRY_RUN, user] as const),
];

test.each(DENIALS)('%s without %s changes nothing, and names it', async (_, __, options, user) => {
  const before = await fixture.digest();
  const failure = await run(user.rules, options()).catch((error) => error);
  expect(failure).toMatchObject({ code: 'NO_PERMISSION', done: undefined });
  expect(`${failure.message} ${failure.why} ${failure.hint}`).toMatch(user.names);
  expect(await fixture.digest()).toBe(before);
});
