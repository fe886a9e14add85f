import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  celeryMessage,
  checkModel,
  createRandom,
  type SeedManifest,
  seedAsyncTaskFlow,
} from '../src/index.js';
import { useEmptyRedis } from '../src/jest/index.js';

const fixture = useEmptyRedis();
let ids: SeedManifest['ids'];
const now = new Date('2026-11-22T15:10:00.250Z');
const check = () => checkModel(fixture.client, { now });

beforeEach(async () => {
  const mix = { PENDING: 4, ACTIVE: 1, COMPLETED: 1, FAILED: 1, SCHEDULED: 1, DLQ: 1 };
  ({ ids } = await seedAsyncTaskFlow(fixture.client, { tasks: 90, seed: 1, now, mix }));
  expect(await check()).toEqual({});
});

const first = (list: readonly string[]): string => list[0] as string;
const message = (id: string): string => celeryMessage(id, createRandom(5)).message;

describe('the checker finds', () => {
  test('a PENDING task that is also in the sorted set or the DLQ', async () => {
    await fixture.client.zAdd('tasks:scheduled', { value: first(ids.primary), score: 1 });
    await fixture.client.lPush('dlq:tasks', first(ids.broker));
    expect(await check()).toEqual({ staleEntry: [first(ids.broker), first(ids.primary)] });
  });

  test('a SCHEDULED task in a pending list, and in a message', async () => {
    const id = first(ids.scheduled);
    await fixture.client.lPush('tasks:pending:retry', id);
    await fixture.client.lPush('celery', message(id));
    expect(await check()).toEqual({ staleEntry: [id], staleMessage: [id] });
  });

  test('a PENDING task in every place at once', async () => {
    const id = first(ids.unacked);
    await fixture.client.lPush('tasks:pending:primary', id);
    await fixture.client.lPush('tasks:pending:retry', id);
    await fixture.client.lPush('celery', message(id));
    expect(await check()).toEqual({ twoLists: [id], queuedAndSent: [id], sentTwice: [id] });
  });

  test('a dead task twice in the DLQ', async () => {
    await fixture.client.rPush('dlq:tasks', first(ids.dlq));
    expect(await check()).toEqual({ duplicateEntry: [first(ids.dlq)] });
  });

  test('an ACTIVE task whose worker is silent, or not named', async () => {
    const [silent, nameless] = ids.active as [string, string];
    await fixture.client.hSet(`task:${silent}`, 'worker_id', 'celery-w1@vm-1');
    await fixture.client.hDel(`task:${nameless}`, 'worker_id');
    expect((await check()).stuckActive?.sort()).toEqual([silent, nameless].sort());
  });
});

describe('the checker leaves alone', () => {
  test('a FAILED task in a pending list or in a message: it may be tried again', async () => {
    const [queued, sent] = ids.failed as [string, string];
    await fixture.client.lPush('tasks:pending:retry', queued);
    await fixture.client.lPush('celery', message(sent));
    expect(await check()).toEqual({});
  });

  test('the message of a task that was deleted, and of an ACTIVE one that is not acknowledged yet', async () => {
    await fixture.client.lPush('celery', message('3f0f5c1e-0000-4000-8000-000000000000'));
    await fixture.client.hSet('unacked', 'tag', `[${message(first(ids.active))}, "", "celery"]`);
    expect(await check()).toEqual({});
  });
});
