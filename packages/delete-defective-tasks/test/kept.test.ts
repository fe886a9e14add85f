import {
  celeryMessage,
  createRandom,
  heartbeatKey,
  taskKey,
  UNACKED_HASH,
  unackedTriple,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { deleteDefectiveTasks } from '../src/delete-defective-tasks.js';
import { DELETE, useFixture } from './support.js';

const fixture = useFixture();
const ID = '39113421-fcb7-411d-9157-a9dafcb6a55b';
const OTHERS_MESSAGE =
  '[{"body": "pickled", "headers": {"task": "mail.send"}, "properties": {}}, "", "celery"]';
const now = () => String(Date.now() / 1000);

describe("other programs' hashes under task:*", () => {
  const OTHERS = {
    'task:stats': { hits: '7' },
    'task:config:mailer': { host: 'localhost' },
    [`task:${ID}:progress`]: { done: '3', total: '9' },
  };
  beforeEach(async () => {
    for (const [key, fields] of Object.entries(OTHERS)) await fixture.client.hSet(key, fields);
  });

  test('are counted apart and kept: they are not tasks', async () => {
    const before = await fixture.digest();
    const { outcome, result } = await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(outcome).toBe('clean');
    expect(result).toMatchObject({ totalTasks: 0, unrelated: 3, defective: 0, suspicious: 0, kept: 0 });
    expect(result.tasks.map(({ key }) => key).sort()).toEqual(Object.keys(OTHERS).sort());
    expect(await fixture.digest()).toBe(before);
  });

  test('are deleted if they are included', async () => {
    const { result } = await deleteDefectiveTasks(fixture.deps(), { ...DELETE, include: ['unrelated'] });
    expect(result).toMatchObject({ unrelated: 3, toDelete: 3, deleted: 3, defective: 0 });
    expect(await fixture.client.dbSize()).toBe(0);
  });

  test('that become tasks before the deletion are left alone', async () => {
    const confirm = async () => void (await fixture.client.hSet('task:stats', 'content', 'x'));
    const options = { ...DELETE, include: ['unrelated'] as const };
    const { outcome, result } = await deleteDefectiveTasks({ ...fixture.deps(), confirm }, options);
    expect(outcome).toBe('partial');
    expect(result).toMatchObject({ deleted: 2, changed: 1 });
    expect(await fixture.client.keys('*')).toEqual(['task:stats']);
  });

  test.each([
    ['a name that is an id', taskKey(ID), { hits: '7' }],
    ['one field of a task', 'task:stats', { hits: '7', content: '' }],
    ['one field of another version', 'task:stats', { dlq_reason: 'x' }],
  ])('%s makes a hash a task', async (_, key, fields) => {
    await fixture.client.flushDb();
    await fixture.client.hSet(key, fields);
    const { result } = await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(result).toMatchObject({ totalTasks: 1, unrelated: 0, defective: 1, deleted: 1 });
  });
});

describe('a defective task that a worker may still write to', () => {
  const DEFECTIVE = { state: 'ACTIVE', worker_id: 'w1' };
  const claim = async (prefix = '', unacked?: string) => {
    const message = celeryMessage(ID, createRandom(1));
    await fixture.client.hSet(prefix + UNACKED_HASH, message.deliveryTag, unacked ?? unackedTriple(message));
  };
  const run = () => deleteDefectiveTasks(fixture.deps(), DELETE);

  test.each([
    ['its worker sent a heartbeat', () => fixture.client.set(heartbeatKey('w1'), now())],
    ['its worker’s heartbeat has not expired', () => fixture.client.setEx(heartbeatKey('w1'), 80, '1')],
    ['an unacknowledged message names it', () => claim()],
    ['an unacknowledged message behind a prefix names it', () => claim('my[app]')],
    ['an unacknowledged message cannot be read', () => claim('', 'pickled')],
    ['an unacknowledged message behind a prefix cannot be read', () => claim('myapp_', 'pickled')],
  ])('is kept and reported, and is not among those found: %s', async (_, evidence) => {
    await fixture.client.hSet(taskKey(ID), DEFECTIVE);
    await evidence();
    const before = await fixture.digest();
    const { outcome, result } = await run();
    expect(outcome).toBe('clean');
    expect(result).toMatchObject({ totalTasks: 1, defective: 0, inUse: 1, toDelete: 0 });
    expect(result.tasks).toMatchObject([{ key: taskKey(ID), outcome: 'in-use' }]);
    expect(await fixture.digest()).toBe(before);
  });

  test.each([
    ['an old heartbeat', () => fixture.client.set(heartbeatKey('w1'), String(Date.now() / 1000 - 100))],
    ["another worker's heartbeat", () => fixture.client.set(heartbeatKey('w2'), now())],
    ['a message of another program that cannot be read', () => claim('', OTHERS_MESSAGE)],
    [
      'a key with a similar name',
      () => claim('', 'pickled').then(() => fixture.client.rename('unacked', 'unacked2')),
    ],
    ['a heartbeat that is not a string', () => fixture.client.lPush(heartbeatKey('w1'), now())],
  ])('is none for %s', async (_, evidence) => {
    await fixture.client.hSet(taskKey(ID), DEFECTIVE);
    await evidence();
    expect((await run()).result).toMatchObject({ defective: 1, inUse: 0, deleted: 1 });
  });

  test('is none in another state', async () => {
    await fixture.client.hSet(taskKey(ID), { ...DEFECTIVE, state: 'COMPLETED' });
    await fixture.client.set(heartbeatKey('w1'), now());
    await claim('', 'pickled');
    expect((await run()).result).toMatchObject({ defective: 1, inUse: 0, deleted: 1 });
  });

  test.each([
    ['a heartbeat', () => fixture.client.set(heartbeatKey('w1'), now())],
    ['a message', () => claim()],
    ['a message behind a prefix', () => claim('myapp_')],
    ['a message that cannot be read', () => claim('', 'pickled')],
  ])('is left alone if %s comes while the question is open', async (_, evidence) => {
    await fixture.client.hSet(taskKey(ID), DEFECTIVE);
    await fixture.client.hSet('task:other', { state: 'DLQ' });
    const confirm = async () => void (await evidence());
    const { outcome, result } = await deleteDefectiveTasks({ ...fixture.deps(), confirm }, DELETE);
    expect(outcome).toBe('partial');
    expect(result).toMatchObject({ defective: 2, deleted: 1, inUse: 1, left: 0 });
    expect(result.tasks.find(({ key }) => key === taskKey(ID))).toMatchObject({ outcome: 'in-use' });
    expect(await fixture.client.exists(taskKey(ID))).toBe(1);
  });
});
