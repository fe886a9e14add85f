import { MAINTENANCE_LOCK_KEY, type Target } from '@atf/core';
import { BROKER_LIST, celeryMessage, createRandom, taskKey } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { deleteTasks, taskRecords } from './take-records.js';
import { IDS, usePendingTasks } from './use-pending-tasks.js';

const { emptied, journals, queue, backUpDatabase, consume } = usePendingTasks();

/** A target that is lost at its nth command: before the server does it, or before the answer comes. */
function lostAt(command: number, when: 'before' | 'after'): Target {
  const { client } = emptied.target;
  const lost = Object.create(client) as typeof client;
  let commands = 0;
  const end = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  Object.defineProperty(lost, 'isReady', { get: () => commands < command });
  lost.sendCommand = (async (...args: Parameters<typeof client.sendCommand>) => {
    const number = ++commands;
    if (number > command || (number === command && when === 'before')) throw end();
    const reply = await client.sendCommand(...args);
    if (number === command) throw end();
    return reply;
  }) as typeof client.sendCommand;
  return { ...emptied.target, client: lost };
}

/** True if a restore was cut off at this command. Its lock runs out by then. */
async function isCutOff(file: string, command: number, when: 'before' | 'after'): Promise<boolean> {
  const run = emptied.restore(file, { deps: { target: lostAt(command, when) } });
  const isCut = await run.then(
    () => false,
    () => true,
  );
  await emptied.client.del(MAINTENANCE_LOCK_KEY);
  return isCut;
}

/** Cuts restores off, each one command later, until something is reached. */
async function cutOffUntil(file: string, isReached: () => Promise<boolean>): Promise<void> {
  for (let command = 1; ; command++) {
    if (!(await isCutOff(file, command, 'after'))) throw new Error('no run was cut off there');
    if (await isReached()) return;
  }
}

test('single tasks are not queued again by the next run, if a consumer took them after the first one was cut off', async () => {
  const file = await emptied.backup(await taskRecords(emptied, IDS));
  await deleteTasks(emptied.client, IDS);
  await cutOffUntil(file, async () => (await queue()).length > 0);
  expect((await consume()).taken).toEqual(IDS.toReversed());
  const { outcome, result } = await emptied.restore(file);
  expect([outcome, result.outcomes.entries.there, await queue()]).toEqual(['clean', IDS.length, []]);
  expect(await journals()).toEqual([]);
});

test('single tasks that somebody changed between the two runs are left alone and not queued by the second one', async () => {
  const file = await emptied.backup(await taskRecords(emptied, IDS));
  await deleteTasks(emptied.client, IDS);
  await cutOffUntil(file, async () => (await emptied.client.exists(IDS.map(taskKey))) === IDS.length);
  expect(await queue()).toEqual([]);
  await emptied.client.hSet(taskKey(IDS[0]!), { state: 'ACTIVE', updated_at: 'now' });
  const { outcome, result } = await emptied.restore(file);
  expect([outcome, result.notQueued]).toEqual([
    'repaired',
    { before: 0, changed: 1, missing: 0, unreadable: 0 },
  ]);
  expect(await queue()).toEqual(IDS.slice(1).toReversed());
});

test.each(['before', 'after'] as const)(
  'a restore that is cut off %s any command is made whole by another one',
  async (when) => {
    await emptied.client.set('metrics:tasks:state:pending', IDS.length);
    await emptied.client.rPush(BROKER_LIST, celeryMessage(IDS[0]!, createRandom(1)).message);
    const before = await emptied.digest();
    const ofDatabase = await backUpDatabase();
    const ofTasks = await emptied.backup(await taskRecords(emptied, IDS));
    for (const [file, remove] of [
      [ofDatabase, () => emptied.client.flushDb()],
      [ofTasks, () => deleteTasks(emptied.client, IDS)],
    ] as const) {
      for (let command = 1, isCut = true; isCut; command++) {
        await remove();
        isCut = await isCutOff(file, command, when);
        const { outcome } = await emptied.restore(file);
        expect(['repaired', 'clean']).toContain(outcome);
        expect([command, await emptied.digest(), await journals()]).toEqual([command, before, []]);
      }
    }
  },
);
