import { closeTarget, connectTarget, type ProgressUpdate } from '@atf/core';
import { PRIMARY_QUEUE, type SandboxRedis, startProxy, startRedis, unackedTriple } from '@atf/sandbox';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { BINDING, messageOf, useBrokerFixture } from './broker-fixture.js';
import { DRY_RUN, FIX, FIX_WAITING } from './support.js';

const fixture = useBrokerFixture();
/** Of every step of priority that Celery can be set to. */
const LISTS = ['celery', ...Array.from('123456789', (step) => `celery\x06\x16${step}`)];

let elsewhere: SandboxRedis;
beforeAll(async () => {
  elsewhere = await startRedis({ password: 'p-secret' });
});
afterAll(() => elsewhere.stop());

describe('a task that a message names is left alone: one', () => {
  test.each(LISTS)('in the list %j', async (list) => {
    for (const id of ['waits', 'runs']) await fixture.client.lPush(list, messageOf(id).message);
    expect((await fixture.found()).ids).toEqual([]);
  });

  test('in a queue that comes with its binding while the tasks are read', async () => {
    await fixture.client.sAdd('_kombu.binding.celery', BINDING);
    const deps = fixture.when('wait-before-second-snapshot', async () => {
      for (const id of ['waits', 'runs']) await fixture.client.lPush('later', messageOf(id).message);
    });
    expect((await fixStuckTasks(deps, FIX_WAITING)).result.findings).toEqual([]);
  });

  test('of process_task, with NaN and Infinity, in a queue and in unacked under a prefix', async () => {
    const withNaN = (id: string) =>
      messageOf(id)
        .message.replace('summarize_text', 'app.process_task')
        .replace('"headers": {', '"headers": {"x": NaN, "y": [-Infinity, Infinity],');
    await fixture.client.lPush('llm', withNaN('waits'));
    await fixture.client.hSet('atf:unacked', 'tag', `[${withNaN('runs')}, "", "llm"]`);
    await fixture.client.zAdd('atf:unacked_index', { value: 'tag', score: Date.now() / 1000 });
    expect((await fixture.found()).ids).toEqual([]);
  });

  test('that a worker has taken', async () => {
    for (const id of ['waits', 'runs']) {
      const message = messageOf(id);
      await fixture.take(message);
    }
    expect((await fixture.found()).ids).toEqual([]);
  });

  test('far down among 250 others, and foreign ones', async () => {
    const others = Array.from({ length: 250 }, (_, i) => messageOf(`other-${i}`).message);
    const two = ['waits', 'runs'].map((id) => messageOf(id).message);
    await fixture.client.rPush('celery', ['[]', '{"body": 5}', ...others, ...two]);
    const { ids, result } = await fixture.found();
    expect(ids).toEqual([]);
    expect(result.broker).toMatchObject({ messages: 254, nonCelery: 2, unreadable: 0 });
  });
});

test('a message of another task that cannot be read hinders nothing', async () => {
  const headers = { task: 'send_mail' };
  const pickled = JSON.stringify({ body: 'gAR9lC4=', headers, properties: {} });
  await fixture.client.lPush('celery', [pickled, messageOf('other').message]);
  const { ids, result } = await fixture.found();
  expect([ids, result.undecided]).toEqual([['runs', 'waits'], null]);
});

test('messages are counted once, however often the broker is read', async () => {
  const { message, deliveryTag } = messageOf('waits');
  await fixture.client.hSet('unacked', deliveryTag, unackedTriple({ message, deliveryTag }));
  await fixture.client.lPush('celery', messageOf('other').message);
  const { ids, result } = await fixture.found({ ...FIX, only: ['stuck-active'] });
  expect(ids).toEqual(['runs']);
  expect(result.broker).toMatchObject({ messages: 2, nonCelery: 0, unreadable: 0 });
});

describe('a broker elsewhere', () => {
  test('is read where its URL is given, and not beside the tasks', async () => {
    const broker = await elsewhere.client();
    await broker.lPush('celery', messageOf('runs').message);
    await fixture.client.lPush('celery', messageOf('waits').message);
    const { ids, result } = await fixture.found({ ...FIX, brokerUrl: elsewhere.url });
    expect(ids).toEqual(['waits']);
    expect(result.broker).toMatchObject({ url: `redis://127.0.0.1:${elsewhere.port}/0`, messages: 1 });
    expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['waits']);
  });

  test('is taken for a wrong one if it has left no trace, whatever messages are beside the tasks', async () => {
    await fixture.client.lPush('celery', messageOf('waits').message);
    const brokerUrl = `${elsewhere.url.replace(/\/\d+$/, '')}/9`;
    const { ids, result } = await fixture.found({ ...FIX, brokerUrl });
    expect(ids).toEqual(['runs', 'waits']);
    expect(result).toMatchObject({ undecided: { reason: 'not-found', tasks: 2 }, broker: null });
    const broker = await elsewhere.client();
    await broker.flushDb();
    await broker.sAdd('_kombu.binding.celery', BINDING);
    expect((await fixture.found({ ...DRY_RUN, brokerUrl: elsewhere.url })).result).toMatchObject({
      undecided: null,
      broker: { messages: 0, knowledge: 'read' },
    });
  });

  test('that cannot be reached fails, by its own name', async () => {
    const url = 'redis://u:p-secret@127.0.0.1:1/0';
    const error = await fixture.found({ ...FIX, brokerUrl: url }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('127.0.0.1:1/0') });
    expect(JSON.stringify(error)).not.toContain('p-secret');
  });

  test('lets go of its connection', async () => {
    const broker = await elsewhere.client();
    const names = (await broker.clientList()).map(({ name }) => name);
    expect(names).not.toContain('atf:fix-stuck-tasks');
  });

  test('that does not answer is cut off with the tasks: a stop waits for neither', async () => {
    const target = await connectTarget(fixture.redis.url, { name: 'test' });
    const proxy = await startProxy(elsewhere.url, {
      treat(_, [name]) {
        if (!name!.startsWith('EVAL')) return 'pass';
        closeTarget(target);
        return 'stall';
      },
    });
    const run = fixStuckTasks({ ...fixture.deps(), target }, { ...DRY_RUN, brokerUrl: proxy.url });
    // Waiting for the broker's answer would end with TIMEOUT.
    await expect(run).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await proxy.stop();
  });
});

test('a message that comes during the repair saves its task from being put back', async () => {
  await fixture.client.sAdd('_kombu.binding.celery', BINDING);
  await fixture.client.rPush(PRIMARY_QUEUE, 'ghost');
  const progress = ({ step }: ProgressUpdate) => {
    if (step === 'repair') fixture.client.lPush('celery', messageOf('waits').message).catch(() => {});
  };
  const { outcome, result } = await fixStuckTasks({ ...fixture.deps(), progress }, FIX);
  expect(outcome).toBe('partial');
  expect(result.findings.find(({ id }) => id === 'waits')?.outcome).toBe('changed');
  expect(await fixture.client.exists(PRIMARY_QUEUE)).toBe(0);
});
