import { closeTarget, connectTarget, depsOf, saveQueue } from '@atf/core';
import {
  allowUser,
  counterDifferences,
  dlqCopyKey,
  loadRecording,
  RECORDING,
  runBin,
  taskKey,
  usersLackingOne,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RestoreBackupOptions } from '../src/index.js';
import { PERMISSIONS } from '../src/permissions.js';
import { backUpAndDelete, keyRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const RULES = PERMISSIONS.writer.flat();
const [MONITOR] = PERMISSIONS.monitor;
const IDS = [...RECORDING.queuedPending, ...RECORDING.overdueScheduled];

const run = async (rules: readonly string[], ...args: string[]) =>
  runBin('restore-backup', ['--redis-url', await allowUser(emptied, 'restorer', rules), ...args]);

/** Restores by the function, without the start of a process for each rule. Resolves to its failure, or to its result. */
async function refusal(rules: readonly string[], file: string, options: Partial<RestoreBackupOptions>) {
  const target = await connectTarget(await allowUser(emptied, 'restorer', rules), { name: 'test' });
  try {
    return await emptied.restore(file, { ...options, deps: { ...depsOf(target), confirm: async () => {} } });
  } catch (error) {
    return error;
  } finally {
    closeTarget(target);
  }
}

beforeEach(async () => {
  await loadRecording(emptied.client);
  await emptied.client.scriptFlush();
});

describe('a user with the permissions that the README names', () => {
  test('can restore, and replace', async () => {
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, IDS);
    expect(await run(MONITOR, file, '--dry-run')).toMatchObject({ code: 0, stderr: '' });
    for (const args of [['--dry-run'], [], ['--replace', '--yes']]) {
      expect(await run(RULES, file, ...args)).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await emptied.digest()).toBe(before);
  });

  test('and without INFO and PING can restore too', async () => {
    const before = await emptied.digest();
    const file = await backUpAndDelete(emptied, IDS);
    expect(await run([...RULES, '-info', '-ping'], file)).toMatchObject({ code: 0, stderr: '' });
    expect(await emptied.digest()).toBe(before);
  });
});

/** Writes a key of each type; the commands that only the comparison of that type needs. */
const TYPES: [commands: string[], write: (value: string) => Promise<unknown>][] = [
  [['hgetall'], (value) => emptied.client.hSet('key', 'f', value)],
  [['smembers'], (value) => emptied.client.sAdd('key', value)],
  [['llen'], (value) => emptied.client.rPush('key', value)],
  [['zrange', 'zcard'], (value) => emptied.client.zAdd('key', { value, score: 1 })],
  [['dump'], (value) => emptied.client.xAdd('key', '1-1', { f: value })],
];

/** A backup of one record that needs the command. */
async function backupThatNeeds(command: string): Promise<string> {
  if (['scan', 'getrange', 'pttl'].includes(command)) {
    await emptied.client.set('worker:heartbeat:old', '0');
    const queue = await saveQueue(emptied.target.client, Buffer.from('tasks:pending:primary'));
    return await emptied.backup([queue!]);
  }
  const [, write] = TYPES.find(([commands]) => commands.includes(command)) ?? [];
  if (!write) {
    const [id] = RECORDING.overdueScheduled;
    await emptied.client.hSet(dlqCopyKey(id), 'state', 'DLQ');
    await emptied.client.lPush('tasks:pending:primary', id);
    return await backUpAndDelete(emptied, [id]);
  }
  await write('old');
  const file = await emptied.backup(await keyRecords(emptied.target, ['key']));
  await emptied.client.del('key');
  await write('new');
  return file;
}

// +info is for a warning only; a restoring user has the read-only commands for looks, and for errors that name what lacks.
const lacking = (rules: readonly string[], except = ['+ping', '+info', '+wait']) =>
  usersLackingOne(rules, { except }).map((user) => [user.lacks, user] as const);

test.each(lacking(RULES, ['+ping', '+info', '+wait', '+eval_ro', '+evalsha_ro']))(
  'without %s nothing is changed, and it is named',
  async (lacks, user) => {
    const file = await backupThatNeeds(lacks.slice(1));
    const before = await emptied.digest();
    await emptied.client.scriptFlush();
    expect(await refusal(user.rules, file, { replace: true })).toMatchObject({
      code: 'NO_PERMISSION',
      why: expect.stringMatching(user.names),
      done: undefined,
    });
    expect(await emptied.digest()).toBe(before);
  },
);

test.each(lacking(MONITOR))('without %s a monitor gets no answer, and it is named', async (lacks, user) => {
  const file = await backupThatNeeds(lacks.slice(1));
  await emptied.client.hSet(taskKey(RECORDING.overdueScheduled[0]), 'state', 'FAILED'); // another one is there again
  await emptied.client.scriptFlush();
  const failure = await refusal(user.rules, file, { dryRun: true, replace: lacks !== '+exists' });
  expect(failure).toMatchObject({ code: 'NO_PERMISSION', why: expect.stringMatching(user.names) });
});

test('where one lacks the exit code is 4, and that nothing was changed is said', async () => {
  const file = await backUpAndDelete(emptied, IDS);
  const { code, stderr } = await run(
    RULES.filter((rule) => rule !== '+hset'),
    file,
  );
  expect([code, stderr]).toEqual([4, expect.stringContaining('no permission to run hset')]);
  expect(stderr).toContain('Nothing was changed.');
});

test('a run that lacked a permission is made whole by one that has it: counters too', async () => {
  const before = await emptied.digest();
  const file = await backUpAndDelete(emptied, IDS);
  expect((await run([...RULES, '-incrby'], file)).code).toBe(4);
  expect((await run(RULES, file)).code).toBe(0);
  expect(await counterDifferences(emptied.client)).toEqual([]);
  expect(await emptied.digest()).toBe(before);
});
