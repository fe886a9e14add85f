import { AtfError, closeTarget, connectTarget, depsOf, failureOf } from '@atf/core';
import {
  activeTask,
  allowUser,
  celeryMessage,
  createRandom,
  heartbeatKey,
  MINUTE,
  microsOf,
  runBin,
  seedAsyncTaskFlow,
  unackedTriple,
  usersLackingOne,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type FixStuckTasksOptions, fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { KINDS } from '../src/kinds.js';
import { PERMISSIONS } from '../src/permissions.js';
import { DRY_RUN, FIX, useFixture } from './support.js';

const [RULES] = PERMISSIONS.writer;
const [MONITOR] = PERMISSIONS.monitor;
const [BROKER] = PERMISSIONS.broker;
/** A run that suspects one of the others waits for two seconds. */
const only = KINDS.filter((kind) => !['orphaned-pending', 'orphaned-scheduled'].includes(kind));

const fixture = useFixture();

beforeEach(async () => {
  await seedAsyncTaskFlow(fixture.client, {
    tasks: 30,
    seed: 1,
    faults: {
      stuckActive: 1,
      overdueScheduled: 1,
      orphanedDlq: 1,
      orphanedScheduled: 1,
      ghostEntry: 4,
      duplicateEntry: 1,
    },
  });
  const [createdAt, startedAt] = [60, 50].map((minutes) => microsOf(new Date()) - minutes * MINUTE);
  const task = { id: 'beaten', content: 'x', createdAt: createdAt! };
  await fixture.write('beaten', activeTask(task, { workerId: 'dead', startedAt: startedAt! }));
  await fixture.client.set(heartbeatKey('dead'), '1');
  const { message, deliveryTag } = celeryMessage('taken', createRandom(1));
  await fixture.client.hSet('unacked', deliveryTag, unackedTriple({ message, deliveryTag }));
  await fixture.client.zAdd('unacked_index', { value: deliveryTag, score: Date.now() / 1000 });
  const twice = celeryMessage('twice', createRandom(2)).message;
  await fixture.client.lPush('celery', [twice, twice]);
  await fixture.client.scriptFlush();
});

const run = async (rules: readonly string[], ...args: string[]) =>
  runBin('fix-stuck-tasks', ['--redis-url', await allowUser(fixture, 'fixer', rules), ...args]);

/** What the command line would say, without the start of a process for each rule. */
async function refusal(rules: readonly string[], options: FixStuckTasksOptions): Promise<AtfError> {
  const target = await connectTarget(await allowUser(fixture, 'fixer', rules), { name: 'test' });
  try {
    await fixStuckTasks(depsOf(target), options);
  } catch (error) {
    return failureOf(error, target);
  } finally {
    closeTarget(target);
  }
  throw new AtfError('INTERNAL', 'nothing was refused');
}

/** Without the right to read that some rules give: `%R~*` gives it too. */
const cases = (rules: readonly string[]) =>
  usersLackingOne(rules)
    .filter(({ lacks }) => !lacks.startsWith('read on'))
    .map((user) => [user.lacks, user] as const);

describe('the permissions that the README names', () => {
  test('are enough', async () => {
    expect(await run(RULES, '--check')).toMatchObject({ code: 1, stderr: '' });
    const { code, stderr, stdout } = await run(RULES);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('✅ Repaired 10 of 10');
  });

  test('are needed: where one lacks the exit code is 4, and that nothing was changed is said', async () => {
    const { code, stderr } = await run(RULES.filter((rule) => rule !== '+hset'));
    expect([code, stderr]).toEqual([4, expect.stringContaining('no permission to run hset')]);
    expect(stderr).toContain('Nothing was changed.');
  });

  test.each(cases(RULES))('%s: without it nothing is changed, and it is named', async (_, user) => {
    const before = await fixture.digest();
    const { code, why, done } = await refusal(user.rules, { ...FIX, only });
    expect({ code, done, why }).toEqual({ code: 'NO_PERMISSION', why: expect.stringMatching(user.names) });
    expect(await fixture.digest()).toBe(before);
  });
});

describe('the permissions that the README names for a monitor', () => {
  test('are enough to look, and write nothing', async () => {
    expect(await run(MONITOR, '--check')).toMatchObject({ code: 1, stderr: '' });
    expect(await run(MONITOR, '--dry-run')).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(cases(MONITOR))('%s: without it there is no answer, and it is named', async (_, user) => {
    const { code, why } = await refusal(user.rules, { ...DRY_RUN, only });
    expect({ code, why }).toEqual({ code: 'NO_PERMISSION', why: expect.stringMatching(user.names) });
  });
});

describe('the permissions that the README names for the broker of --broker-url', () => {
  const brokerUrl = (rules: readonly string[]) => allowUser(fixture, 'broker', rules);

  test('are enough', async () => {
    const { code, stderr } = await run(RULES, '--broker-url', await brokerUrl(BROKER));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each(cases(BROKER))('%s: without it nothing is changed, and it is named', async (_, user) => {
    const before = await fixture.digest();
    const { code, why } = await refusal(RULES, {
      ...FIX,
      only,
      brokerUrl: await brokerUrl(user.rules),
    });
    expect({ code, why }).toEqual({ code: 'NO_PERMISSION', why: expect.stringMatching(user.names) });
    expect(await fixture.digest()).toBe(before);
  });
});
