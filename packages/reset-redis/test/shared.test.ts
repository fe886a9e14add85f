import { depsOf, type Redis, readBackup, targetOf } from '@atf/core';
import { celeryMessage, createRandom, type SandboxClient, unackedTriple } from '@atf/sandbox';
import { useEmptyRedis, useFolder } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { resetRedis } from '../src/index.js';
import type { ResetRedisOptions } from '../src/options.js';

const fixture = useEmptyRedis();
const folder = useFolder();
const random = createRandom(7);
const RESET: ResetRedisOptions = { dryRun: false, confirm: true };
const run = (options: Partial<ResetRedisOptions> = {}) =>
  resetRedis(depsOf(targetOf(fixture.client as unknown as Redis)), { ...RESET, ...options });

const ours = () => celeryMessage(random.uuid(), random);
const other = (task: string) => ({ ...ours(), message: ours().message.replaceAll('summarize_text', task) });
const queue = (client: SandboxClient, key: string, ...messages: { message: string }[]) =>
  client.lPush(
    key,
    messages.map(({ message }) => message),
  );
const take = (client: SandboxClient, message: ReturnType<typeof ours>) =>
  Promise.all([
    client.hSet('unacked', message.deliveryTag, unackedTriple(message)),
    client.zAdd('unacked_index', { value: message.deliveryTag, score: 1 }),
  ]);
const bind = (client: SandboxClient, name: string) =>
  client.sAdd(`_kombu.binding.${name}`, `${name}\x06\x16\x06\x16${name}`);

/** Everything that AsyncTaskFlow and its Celery leave in a database of their own. */
async function writeOwnCelery(client: SandboxClient): Promise<void> {
  await client.hSet('task:x', { task_id: 'x', state: 'PENDING' });
  await queue(client, 'celery', ours(), other('process_task'));
  await queue(client, 'celery\x06\x163', ours());
  await queue(client, 'llm', ours());
  await take(client, ours());
  for (const name of ['celery', 'llm', 'default', 'celery.pidbox', 'celeryev', 'reply.celery.pidbox'])
    await bind(client, name);
  await client.set('unacked_mutex', 'x');
  await client.set('celery-taskset-meta-1', 'x');
  await client.set('chord-unlock-1', '2');
  await client.lPush('openrouter:worker_errors:2026-11-22', 'x');
  await client.lPush('1.reply.celery.pidbox', 'x');
  await client.lPush('celeryev.1', 'x');
}

describe('a database with nothing but AsyncTaskFlow’s data', () => {
  test.each([[undefined], ['backup']])('is empty afterwards: backup %s', async (name) => {
    await writeOwnCelery(fixture.client);
    const keys = await fixture.client.dbSize();
    const backup = name && `${folder}/${name}`;
    const { outcome, result } = await run({ backup });
    expect(outcome).toBe('repaired');
    expect(result.deletion).toMatchObject({ deleted: keys, changed: 0, left: 0, unrelatedKept: 0 });
    expect(result.deletion?.shared).toBeNull();
    expect(await fixture.client.dbSize()).toBe(0);
  });

  test('is inspected as that', async () => {
    await writeOwnCelery(fixture.client);
    const { result } = await run({ confirm: false });
    expect(result.selected).toBe(await fixture.client.dbSize());
    expect(result.inspection?.shared).toEqual({ keys: 0, ours: 0, others: 0, named: [] });
  });
});

describe("another Celery program's", () => {
  test('messages, bindings and chords are kept, and counted', async () => {
    const { client } = fixture;
    await queue(client, 'celery', other('billing.charge'), other('billing.refund'));
    await queue(client, 'reports', other('reports.build'));
    await take(client, other('billing.charge'));
    for (const name of ['celery', 'billing', 'celery.pidbox']) await bind(client, name);
    await client.set('celery-taskset-meta-1', 'x');
    await client.set('chord-unlock-1', '2');
    await client.set('unacked_mutex', 'x');
    await client.lPush('1.reply.celery.pidbox', 'x');
    const before = await fixture.digest();
    await client.hSet('task:x', { task_id: 'x', state: 'PENDING' });
    const { outcome, result } = await run();
    expect(outcome).toBe('repaired');
    expect(result.deletion).toMatchObject({ deleted: 1, messagesRemoved: 0, left: 0, unrelatedKept: 0 });
    expect(result.deletion?.shared).toMatchObject({ keys: 11, ours: 0, others: 4 });
    expect(await fixture.digest()).toBe(before);
  });

  test('messages stay where they are when ours are removed from between them', async () => {
    const { client } = fixture;
    const kept = Array.from({ length: 250 }, (_, i) => other(`billing.task${i}`));
    for (const message of kept) await queue(client, 'celery', ours(), message, ours());
    const [mine, theirs] = [ours(), other('billing.charge')];
    await take(client, mine);
    await take(client, theirs);
    const { outcome, result } = await run();
    expect(outcome).toBe('repaired');
    expect(result.deletion).toMatchObject({ deleted: 0, messagesRemoved: 501, left: 0 });
    expect(result.deletion?.shared).toMatchObject({ keys: 3, ours: 0, others: 251 });
    expect(await client.lRange('celery', 0, -1)).toEqual(kept.map(({ message }) => message).reverse());
    expect(await client.hKeys('unacked')).toEqual([theirs.deliveryTag]);
    expect(await client.zRange('unacked_index', 0, -1)).toEqual([theirs.deliveryTag]);
  });

  test('presence does not keep a queue that holds only our messages, nor its binding', async () => {
    const { client } = fixture;
    await queue(client, 'billing', other('billing.charge'));
    await bind(client, 'billing');
    await queue(client, 'llm', ours());
    await bind(client, 'llm');
    await run();
    expect((await client.keys('*')).sort()).toEqual(['_kombu.binding.billing', 'billing']);
  });

  test('binding is kept if other keys show that AsyncTaskFlow is not alone here', async () => {
    const { client } = fixture;
    await bind(client, 'billing');
    await bind(client, 'celery.pidbox');
    await client.set('session:1', 'x');
    const before = await fixture.digest();
    expect((await run()).outcome).toBe('clean');
    expect(await fixture.digest()).toBe(before);
  });

  test.each([
    ['is not JSON', 'x{"body":'],
    ['cannot be read', '{"body": "gASVBg==", "headers": {}, "properties": {"body_encoding": "base64"}}'],
  ])('is what a message that %s may be: it is kept', async (_, message) => {
    const { client } = fixture;
    await client.lPush('celery', [message, ours().message]);
    const { result } = await run();
    expect(result.deletion).toMatchObject({ messagesRemoved: 1 });
    expect(await client.lRange('celery', 0, -1)).toEqual([message]);
  });

  test('messages prevent that ours are removed with a backup: it holds whole keys', async () => {
    const { client } = fixture;
    await queue(client, 'celery', ours(), other('billing.charge'));
    await client.hSet('task:x', { task_id: 'x', state: 'PENDING' });
    const backup = `${folder}/mixed`;
    const { outcome, result } = await run({ backup });
    expect(outcome).toBe('partial');
    expect(result.deletion).toMatchObject({ deleted: 1, messagesRemoved: 0, shared: { ours: 1, others: 1 } });
    expect(await client.lLen('celery')).toBe(2);
    const { records } = await readBackup(backup);
    const keys: string[] = [];
    for await (const record of records) if (record.type === 'key') keys.push(record.key);
    expect(keys).toEqual([Buffer.from('task:x').toString('base64')]);
  });
});

test("another program's hash under task:* is not AsyncTaskFlow's", async () => {
  const { client } = fixture;
  await client.hSet('task:cron:nightly', { schedule: '0 3 * * *' });
  await client.hSet('task:39113421-fcb7-411d-9157-a9dafcb6a55b:progress', { done: '3' });
  const before = await fixture.digest();
  await client.hSet('task:39113421-fcb7-411d-9157-a9dafcb6a55b', { whatever: '3' });
  await client.hSet('task:odd', { content: 'x' });
  const { result } = await run();
  expect(result.deletion).toMatchObject({ deleted: 2, unrelatedKept: 2 });
  expect(await fixture.digest()).toBe(before);
});

test('a queue that gets a message after it was read is left alone', async () => {
  const { client } = fixture;
  await queue(client, 'celery', ours());
  let once = true;
  const progress = ({ step }: { step: string }) => {
    if (step === 'delete' && once) void queue(client, 'celery', other('billing.charge'));
    if (step === 'delete') once = false;
  };
  const deps = { ...depsOf(targetOf(client as unknown as Redis)), progress };
  const { outcome, result } = await resetRedis(deps, RESET);
  expect(outcome).toBe('partial');
  expect(result.deletion).toMatchObject({ deleted: 0, changed: 1 });
  expect(await client.lLen('celery')).toBe(2);
});
