import {
  type BackupRecord,
  MAINTENANCE_LOCK_KEY,
  type QueueRecord,
  readBackup,
  restoreJournalKey,
  saveQueue,
  type Target,
} from '@atf/core';
import {
  BROKER_LIST,
  celeryMessage,
  createRandom,
  PRIMARY_QUEUE,
  RETRY_QUEUE,
  SCHEDULED_SET,
  taskKey,
  UNACKED_HASH,
  unackedTriple,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { deleteTasks, keyRecords, taskRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const IDS = Array.from({ length: 6 }, (_, i) => `00000000-0000-4000-8000-00000000000${i}`);
const HEARTBEAT = 'worker:heartbeat:celery-host-1';
const beat = () =>
  emptied.client.set(HEARTBEAT, String(Date.now() / 1000), { expiration: { type: 'EX', value: 90 } });
const journals = () => emptied.client.keys(restoreJournalKey('*'));
const queue = () => emptied.client.lRange(PRIMARY_QUEUE, 0, -1);

async function addTasks(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await emptied.client.hSet(taskKey(id), { task_id: id, state: 'PENDING', updated_at: 'then' });
    await emptied.client.lPush(PRIMARY_QUEUE, id);
  }
}

/** A backup as reset-redis makes it, with the queues in the middle. */
async function backUpDatabase(): Promise<string> {
  const queues: QueueRecord[] = [];
  for (const key of [BROKER_LIST, UNACKED_HASH, PRIMARY_QUEUE, SCHEDULED_SET]) {
    const record = await saveQueue(emptied.target.client, Buffer.from(key));
    if (record) queues.push(record);
  }
  const names = queues.map(({ key }) => Buffer.from(key, 'base64').toString());
  const others = (await emptied.client.keys('*')).filter((key) => !names.includes(key)).sort();
  const [first, ...rest] = await keyRecords(emptied.target, others);
  return await emptied.backup([...(first ? [first] : []), ...queues, ...rest], { tool: 'reset-redis' });
}

/** Takes ids as the consumer does, until nothing came for a second. Resolves to the ids whose task was not there. */
async function consume(): Promise<{ taken: string[]; lost: string[] }> {
  const consumer = await emptied.redis.client();
  const taken: string[] = [];
  const lost: string[] = [];
  for (;;) {
    const entry = await consumer.blPop([PRIMARY_QUEUE, RETRY_QUEUE], 1);
    if (!entry) break;
    taken.push(entry.element);
    if ((await consumer.exists(taskKey(entry.element))) === 0) lost.push(entry.element);
  }
  consumer.destroy();
  return { taken, lost };
}

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

/** The backup, with each key expired by now that had an expiry. */
async function withExpired(file: string): Promise<string> {
  const { header, records } = await readBackup(file);
  const changed: BackupRecord[] = [];
  for await (const record of records) {
    const hasExpired = record.type === 'key' && record.expiresAt !== null;
    changed.push(hasExpired ? { ...record, expiresAt: 1 } : record);
  }
  return await emptied.backup(changed, header);
}

beforeEach(() => addTasks(IDS));

describe('whole queues', () => {
  test('come back after all tasks: a consumer that runs meanwhile finds the task of each id', async () => {
    const file = await backUpDatabase();
    await emptied.client.flushDb();
    const consuming = consume();
    const { outcome } = await emptied.restore(file, { force: true });
    expect([outcome, await consuming]).toEqual(['repaired', { taken: IDS.toReversed(), lost: [] }]);
  });

  test('are refused while a worker or consumer is alive: nothing is changed', async () => {
    const file = await backUpDatabase();
    await emptied.client.flushDb();
    await beat();
    await expect(emptied.restore(file)).rejects.toMatchObject({ code: 'GUARD', done: undefined });
    expect(await emptied.client.keys('*')).toEqual([HEARTBEAT]);
    expect((await emptied.restore(file, { dryRun: true })).outcome).toBe('found');
    expect((await emptied.restore(file, { force: true })).outcome).toBe('repaired');
  });

  test('stay away if a worker starts meanwhile, and the next run ends as an undisturbed one', async () => {
    const before = await emptied.digest();
    const file = await backUpDatabase();
    await emptied.client.flushDb();
    const progress = () => void beat();
    await expect(emptied.restore(file, { deps: { progress } })).rejects.toMatchObject({
      code: 'GUARD',
      done: { counts: { keys: IDS.length, entries: 0 } },
    });
    expect([await queue(), (await journals()).length]).toEqual([[], 1]);
    await emptied.client.del(HEARTBEAT);
    expect((await emptied.restore(file)).outcome).toBe('repaired');
    expect([await emptied.digest(), await journals()]).toEqual([before, []]);
  });

  test('bring back heartbeats last, so that the backup does not refuse itself', async () => {
    await beat();
    const before = await emptied.digest();
    const file = await backUpDatabase();
    await emptied.client.flushDb();
    expect((await emptied.restore(file)).outcome).toBe('repaired');
    expect(await emptied.digest()).toBe(before);
  });

  test('lack the ids of tasks that were never deleted, that differ now, or that expired', async () => {
    const [deleted = '', there = '', differs = '', expired = ''] = IDS;
    await emptied.client.pExpire(taskKey(expired), 1_000_000);
    const file = await backUpDatabase();
    await emptied.client.del([PRIMARY_QUEUE, ...IDS.filter((id) => id !== there).map(taskKey)]);
    await emptied.client.hSet(taskKey(differs), 'state', 'ACTIVE');
    const { outcome, result } = await emptied.restore(await withExpired(file));
    expect([outcome, result.notQueued]).toEqual([
      'partial',
      { before: 2, changed: 0, missing: 1, unreadable: 0 },
    ]);
    expect(await queue()).toEqual([...IDS.slice(4).toReversed(), deleted]);
  });

  test('keep an id without a task that was queued when the backup was made', async () => {
    await emptied.client.rPush(PRIMARY_QUEUE, 'ghost');
    const before = await emptied.digest();
    const file = await backUpDatabase();
    await emptied.client.flushDb();
    await emptied.restore(file);
    expect(await emptied.digest()).toBe(before);
  });
});

describe('messages of the broker', () => {
  const messageOf = (id: string) => celeryMessage(id, createRandom(1));
  const message = (id: string) => messageOf(id).message;
  const other = () => JSON.stringify({ body: 'bm8ganNvbg==', properties: { body_encoding: 'base64' } });

  test('come back with their tasks, and a message that nobody can read if all tasks came back', async () => {
    await emptied.client.rPush(BROKER_LIST, [message(IDS[0]!), other(), 'of another program']);
    await emptied.client.hSet(UNACKED_HASH, { tag: unackedTriple(messageOf(IDS[1]!)) });
    const before = await emptied.digest();
    const file = await backUpDatabase();
    await emptied.client.flushDb();
    expect((await emptied.restore(file)).outcome).toBe('repaired');
    expect(await emptied.digest()).toBe(before);
  });

  test('stay away if their task was never deleted, or cannot be told', async () => {
    await emptied.client.rPush(BROKER_LIST, [message(IDS[0]!), message(IDS[1]!), other()]);
    const file = await backUpDatabase();
    await emptied.client.del([BROKER_LIST, PRIMARY_QUEUE, ...IDS.slice(1).map(taskKey)]);
    const { result } = await emptied.restore(file);
    expect(result.notQueued).toEqual({ before: 2, changed: 0, missing: 0, unreadable: 1 });
    expect(await emptied.client.lRange(BROKER_LIST, 0, -1)).toEqual([message(IDS[1]!)]);
  });
});

describe('single tasks', () => {
  test('come back while workers are alive', async () => {
    const file = await emptied.backup(await taskRecords(emptied, IDS));
    await deleteTasks(emptied.client, IDS);
    await beat();
    expect((await emptied.restore(file)).outcome).toBe('repaired');
    expect(await queue()).toEqual(IDS.toReversed());
  });

  test('that were never deleted are not queued again: they may have been sent since', async () => {
    const file = await emptied.backup(await taskRecords(emptied, IDS));
    await emptied.client.del(PRIMARY_QUEUE);
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.notQueued, await queue()]).toEqual([
      'clean',
      { before: IDS.length, changed: 0, missing: 0, unreadable: 0 },
      [],
    ]);
  });

  test('are not queued again by the next run, if a consumer took them after the first one was cut off', async () => {
    const file = await emptied.backup(await taskRecords(emptied, IDS));
    await deleteTasks(emptied.client, IDS);
    await cutOffUntil(file, async () => (await queue()).length > 0);
    expect((await consume()).taken).toEqual(IDS.toReversed());
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.outcomes.entries.there, await queue()]).toEqual(['clean', IDS.length, []]);
    expect(await journals()).toEqual([]);
  });

  test('that somebody changed between the two runs are left alone and not queued by the second one', async () => {
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
