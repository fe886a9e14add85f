import { type BackupRecord, closeTarget, connectTarget, readBackup } from '@atf/core';
import {
  BROKER_LIST,
  celeryMessage,
  createRandom,
  PRIMARY_QUEUE,
  startProxy,
  taskKey,
  UNACKED_HASH,
  unackedTriple,
} from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { deleteTasks, taskRecords } from './take-records.js';
import { IDS, usePendingTasks } from './use-pending-tasks.js';

const { emptied, journals, queue, backUpDatabase, consume } = usePendingTasks();
const HEARTBEAT = 'worker:heartbeat:celery-host-1';
const beat = () =>
  emptied.client.set(HEARTBEAT, String(Date.now() / 1000), { expiration: { type: 'EX', value: 90 } });
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
    let beating: Promise<unknown> | undefined;
    const progress = () => {
      beating ??= beat();
    };
    const proxy = await startProxy(emptied.redis.url, {
      // Each command waits until the heartbeat that is under way is there.
      treat: async () => {
        await beating;
        return 'pass' as const;
      },
    });
    const target = await connectTarget(proxy.url, { name: 'test' });
    await expect(emptied.restore(file, { deps: { target, progress } })).rejects.toMatchObject({
      code: 'GUARD',
      done: { counts: { keys: IDS.length, entries: 0 } },
    });
    closeTarget(target);
    await proxy.stop();
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
});
