import { closeTarget, connectTarget, type ProgressUpdate } from '@atf/core';
import {
  activeTask,
  type BrokerMessage,
  celeryMessage,
  createRandom,
  DLQ_LIST,
  isoformat,
  MINUTE,
  microsOf,
  PRIMARY_QUEUE,
  pendingTask,
  RETRY_QUEUE,
  type SandboxRedis,
  startProxy,
  startRedis,
  unackedTriple,
} from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { FixStuckTasksResult } from '../src/schema.js';
import { FIX, FIX_WAITING, LOOK, useBench } from './support.js';

const bench = useBench();
const random = createRandom(1);
const createdAt = microsOf(new Date()) - 60 * MINUTE;
/** Of every step of priority that Celery can be set to. */
const LISTS = ['celery', ...Array.from('123456789', (step) => `celery\x06\x16${step}`)];
const messageOf = (id: string) => celeryMessage(id, random);

let elsewhere: SandboxRedis;
beforeAll(async () => {
  elsewhere = await startRedis({ password: 'p-secret' });
});
afterAll(() => elsewhere.stop());

const binding = (queue: string) => `${queue}\x06\x16\x06\x16${queue}`;
const BINDING = binding('celery');
/** Does what a worker does that takes a message. */
const take = (message: BrokerMessage, hash = 'unacked') =>
  bench.client
    .multi()
    .hSet(hash, message.deliveryTag, unackedTriple(message))
    .zAdd(`${hash}_index`, { value: message.deliveryTag, score: Date.now() / 1000 })
    .exec();
/** A message of another program. */
const foreign = () => JSON.stringify({ body: '[[],{},{}]', headers: { task: 'mail.send' }, properties: {} });

async function writeTasks(): Promise<void> {
  await bench.write('waits', pendingTask({ id: 'waits', content: 'x', createdAt }));
  const run = { workerId: 'dead', startedAt: createdAt };
  await bench.write('runs', activeTask({ id: 'runs', content: 'x', createdAt }, run));
}
beforeEach(writeTasks);

const found = async (options: Parameters<typeof fixStuckTasks>[1] = LOOK) => {
  const { result } = await fixStuckTasks(bench.deps(), options);
  return { ids: result.findings.map(({ id }) => id).sort(), result };
};

describe('a task that a message names is left alone: one', () => {
  test.each(LISTS)('in the list %j', async (list) => {
    for (const id of ['waits', 'runs']) await bench.client.lPush(list, messageOf(id).message);
    expect((await found()).ids).toEqual([]);
  });

  test('in a queue that comes with its binding while the tasks are read', async () => {
    await bench.client.sAdd('_kombu.binding.celery', BINDING);
    const deps = bench.when('wait-before-recheck', async () => {
      for (const id of ['waits', 'runs']) await bench.client.lPush('later', messageOf(id).message);
    });
    expect((await fixStuckTasks(deps, FIX_WAITING)).result.findings).toEqual([]);
  });

  test('of process_task, with NaN and Infinity, in a queue and in unacked under a prefix', async () => {
    const withNaN = (id: string) =>
      messageOf(id)
        .message.replace('summarize_text', 'app.process_task')
        .replace('"headers": {', '"headers": {"x": NaN, "y": [-Infinity, Infinity],');
    await bench.client.lPush('llm', withNaN('waits'));
    await bench.client.hSet('atf:unacked', 'tag', `[${withNaN('runs')}, "", "llm"]`);
    await bench.client.zAdd('atf:unacked_index', { value: 'tag', score: Date.now() / 1000 });
    expect((await found()).ids).toEqual([]);
  });

  test('that a worker has taken', async () => {
    for (const id of ['waits', 'runs']) {
      const message = messageOf(id);
      await take(message);
    }
    expect((await found()).ids).toEqual([]);
  });

  test('far down among 250 others, and foreign ones', async () => {
    const others = Array.from({ length: 250 }, (_, i) => messageOf(`other-${i}`).message);
    const two = ['waits', 'runs'].map((id) => messageOf(id).message);
    await bench.client.rPush('celery', ['[]', '{"body": 5}', ...others, ...two]);
    const { ids, result } = await found();
    expect(ids).toEqual([]);
    expect(result.broker).toMatchObject({ messages: 254, nonCelery: 2, unreadable: 0 });
  });
});

describe('orphaned PENDING and stuck ACTIVE are undecided, and left alone,', () => {
  /** Looks and repairs: neither may put anything back. */
  const undecided = async () => {
    const { ids, result } = await found(FIX);
    expect(ids).toEqual(['runs', 'waits']);
    expect(result.findings.map(({ obstacle, outcome }) => [obstacle?.code, outcome])).toEqual(
      Array(2).fill(['undecided', 'reported']),
    );
    expect(await bench.client.exists([PRIMARY_QUEUE, RETRY_QUEUE, DLQ_LIST])).toBe(0);
    return result;
  };

  const opaque = (headers: object) =>
    JSON.stringify({ body: 'gAR9lC4=', headers, properties: { body_encoding: 'base64' } });

  test.each([
    {},
    { task: 'summarize_text' },
    { task: 'process_task' },
    { task: 'app.tasks.summarize_text' },
    { task: 'celery.chord' },
  ])('beside a message that cannot be read, with the headers %j', async (headers) => {
    await bench.client.lPush('celery', [opaque(headers), messageOf('other').message]);
    const result = await undecided();
    expect(result).toMatchObject({
      undecided: { reason: 'unreadable', tasks: 2 },
      broker: { unreadable: 1 },
    });
  });

  test.each(['garbage', '{"body": "W10=", "headers": {"task": "summarize_text"', `["${'x'.repeat(99)}`])(
    'beside an envelope that is no JSON: %j',
    async (envelope) => {
      await bench.client.sAdd('_kombu.binding.celery', BINDING);
      await bench.client.lPush('celery', envelope);
      expect((await undecided()).undecided).toEqual({ reason: 'unreadable', tasks: 2 });
      await bench.client.flushDb();
      await writeTasks();
      await bench.client.sAdd('_kombu.binding.celery', BINDING);
      await bench.client.hSet('unacked', 'tag', envelope);
      expect((await undecided()).undecided).toEqual({ reason: 'unreadable', tasks: 2 });
    },
  );

  test.each(['celery', 'unacked', 'llm', 'llm\x06\x163'])('if the key %j is of another type', async (key) => {
    await bench.client.sAdd('_kombu.binding.llm', binding('llm'));
    await bench.client.lPush('other', messageOf('other').message);
    await bench.client.set(key, 'x');
    expect(await undecided()).toMatchObject({
      undecided: { reason: 'unreadable', tasks: 2 },
      broker: { wrongTypeKeys: [{ key, type: 'string' }] },
    });
  });

  test('if the queue that a message of ours names is of another type, and its binding is gone', async () => {
    await bench.client.lPush(
      'renamed',
      messageOf('other').message.replace('"routing_key": "celery"', '"routing_key": "llm"'),
    );
    await bench.client.set('llm', 'x');
    expect((await undecided()).undecided).toEqual({ reason: 'unreadable', tasks: 2 });
  });

  test('if there is no broker', async () => {
    expect(await undecided()).toMatchObject({ undecided: { reason: 'not-found', tasks: 2 }, broker: null });
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'only the binding of commands',
      () => bench.client.sAdd('_kombu.binding.celery.pidbox', binding('w1@h.celery.pidbox')),
    ],
    ['bindings of other queues', () => bench.client.sAdd('_kombu.binding.billing', binding('billing'))],
    [
      'a message of another program in celery',
      async () => {
        await bench.client.sAdd('_kombu.binding.celery', BINDING);
        await bench.client.lPush('celery', foreign());
      },
    ],
    [
      'a message of another program that a worker has taken',
      async () => {
        await bench.client.sAdd('_kombu.binding.celery', BINDING);
        await bench.client.hSet('unacked', 'tag', JSON.stringify([JSON.parse(foreign()), '', 'celery']));
      },
    ],
    [
      'a message of another program in celery with a priority and a prefix',
      async () => {
        await bench.client.sAdd('p:_kombu.binding.celery', BINDING);
        await bench.client.lPush('p:celery\x06\x166', foreign());
      },
    ],
  ])('if the broker may belong to another program: %s', async (_, write) => {
    await write();
    expect(await undecided()).toMatchObject({
      undecided: { reason: 'not-ours', tasks: 2 },
      broker: { knowledge: 'not-ours' },
    });
    const named = await found({ ...LOOK, brokerUrl: bench.redis.url });
    expect([named.ids, named.result.undecided]).toEqual([['runs', 'waits'], null]);
    expect(named.result.findings.map(({ repair }) => repair)).not.toContain(null);
  });

  test('so that not all is done: the outcome is partial, and a look finds something', async () => {
    const outcomes = [LOOK, FIX, FIX, { ...FIX, only: ['ghost-entry' as const] }];
    for (const [i, options] of outcomes.entries()) {
      const { outcome } = await fixStuckTasks(bench.deps(), options);
      expect([i, outcome]).toEqual([i, ['found', 'partial', 'partial', 'clean'][i]]);
    }
    expect(await bench.client.exists(['tasks:pending:primary', 'tasks:pending:retry'])).toBe(0);
  });

  test('and all is well if there is nothing to decide', async () => {
    await bench.client.flushDb();
    await bench.client.set('celery', 'x');
    expect((await fixStuckTasks(bench.deps(), FIX)).outcome).toBe('clean');
  });
});

describe('the broker is ours, and what it does not hold is put back,', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['if celery has a binding', () => bench.client.sAdd('_kombu.binding.celery', BINDING)],
    [
      'if celery has a binding under a prefix',
      () => bench.client.sAdd('{atf}:_kombu.binding.celery', BINDING),
    ],
    [
      'if celery has a binding with another separator',
      () => bench.client.sAdd('_kombu.binding.celery', 'celery||celery'),
    ],
    [
      'if a queue of no name holds a message of ours',
      () => bench.client.lPush('my queue: 1', messageOf('other').message),
    ],
    ['if a worker has taken a message of ours', () => take(messageOf('other'), 'p_unacked')],
    [
      'if messages of another program wait in another queue',
      async () => {
        await bench.client.sAdd('_kombu.binding.celery', BINDING);
        await bench.client.sAdd('_kombu.binding.mail', binding('mail'));
        await bench.client.lPush('mail', foreign());
      },
    ],
    [
      'if replies to commands and events mention tasks',
      async () => {
        await bench.client.sAdd('_kombu.binding.celery', BINDING);
        const body = JSON.stringify([{ 'w1@h': [{ args: ['waits', 'runs'] }] }]);
        const reply = JSON.stringify({ body, headers: {}, properties: {} });
        for (const queue of ['0a.reply.celery.pidbox', 'celeryev.0a', 'celery'])
          await bench.client.lPush(queue, reply);
      },
    ],
  ])('%s', async (_, write) => {
    await write();
    const { ids, result } = await found(FIX);
    expect([ids, result.undecided, result.broker?.knowledge]).toEqual([['runs', 'waits'], null, 'read']);
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(['repaired', 'repaired']);
  });
});

describe('reported, and never repaired, is', () => {
  beforeEach(() => bench.client.sAdd('_kombu.binding.celery', BINDING));
  const kindsOf = ({ findings }: FixStuckTasksResult) =>
    findings.map(({ kind, id, outcome }) => `${kind} ${id} ${outcome}`);

  test('a message that no index lists; one that is listed is a note, once it is old', async () => {
    const [lost, old, fresh] = ['waits', 'runs', 'other'].map(messageOf) as [
      BrokerMessage,
      BrokerMessage,
      BrokerMessage,
    ];
    for (const message of [lost, old, fresh]) {
      await bench.client.hSet('unacked', message.deliveryTag, unackedTriple(message));
    }
    const seconds = Date.now() / 1000;
    await bench.client.zAdd('unacked_index', [
      { value: old.deliveryTag, score: seconds - 1_800 },
      { value: fresh.deliveryTag, score: seconds - 60 },
    ]);
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['unindexed-message waits reported']]);
    expect(result.oldUnacknowledged).toMatchObject({ messages: 1, oldestSeconds: expect.any(Number) });
    const { oldestSeconds, redeliveryInSeconds } = result.oldUnacknowledged!;
    expect(oldestSeconds + redeliveryInSeconds).toBe(3_600);
    expect((await fixStuckTasks(bench.deps(), LOOK)).outcome).toBe('found');
  });

  test('an id that is queued and in a message', async () => {
    await bench.client.lPush('celery', messageOf('runs').message);
    await bench.client.rPush(PRIMARY_QUEUE, ['waits', 'other']);
    await bench.client.lPush('celery', messageOf('waits').message);
    await bench.client.set('worker:heartbeat:worker-h-1-0123abcd', '1');
    const { outcome, result } = await fixStuckTasks(bench.deps(), { ...FIX, only: ['queued-and-sent'] });
    expect([outcome, kindsOf(result)]).toEqual(['found', ['queued-and-sent waits reported']]);
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['waits', 'other']);
  });

  test('no id that goes from its queue into a message while both are read', async () => {
    await bench.client.lPush('celery', [messageOf('runs').message, messageOf('waits').message]);
    await bench.client.rPush(PRIMARY_QUEUE, 'waits');
    const deps = bench.when('scan', () => bench.client.lRem(PRIMARY_QUEUE, 0, 'waits'));
    expect(kindsOf((await fixStuckTasks(deps, FIX)).result)).toEqual([]);
  });

  test('an id that waits while nobody consumes', async () => {
    await bench.client.lPush('celery', messageOf('runs').message);
    await bench.client.rPush(PRIMARY_QUEUE, 'waits');
    await bench.client.set('worker:heartbeat:celery-h-9', '1');
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['not-consumed waits reported']]);
    expect(result.alive).toEqual({ workers: 1, consumers: 0 });
    await bench.client.set('worker:heartbeat:worker-h-1-0123abcd', '1');
    expect(await fixStuckTasks(bench.deps(), FIX)).toMatchObject({
      outcome: 'clean',
      result: { alive: { consumers: 1 } },
    });
  });

  test('as a note: a message that is in the broker twice', async () => {
    const [once, twice, taken] = ['waits', 'runs', 'other'].map(messageOf) as [
      BrokerMessage,
      BrokerMessage,
      BrokerMessage,
    ];
    await bench.client.lPush('celery', [once.message, twice.message]);
    await bench.client.lPush('llm', [twice.message, taken.message]);
    await take(taken);
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, result.findings, result.repeatedMessages]).toEqual(['clean', [], 2]);
  });

  test('an ACTIVE task that is dated in the future', async () => {
    await bench.client.lPush('celery', messageOf('waits').message);
    const updated_at = isoformat(microsOf(new Date(Date.now() + 120_000)));
    await bench.write('runs', { updated_at, started_at: updated_at });
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['future-active runs reported']]);
  });
});

test('a message of another task that cannot be read hinders nothing', async () => {
  const headers = { task: 'send_mail' };
  const pickled = JSON.stringify({ body: 'gAR9lC4=', headers, properties: {} });
  await bench.client.lPush('celery', [pickled, messageOf('other').message]);
  const { ids, result } = await found();
  expect([ids, result.undecided]).toEqual([['runs', 'waits'], null]);
});

test('messages are counted once, however often the broker is read', async () => {
  const { message, deliveryTag } = messageOf('waits');
  await bench.client.hSet('unacked', deliveryTag, unackedTriple({ message, deliveryTag }));
  await bench.client.lPush('celery', messageOf('other').message);
  const { ids, result } = await found({ ...FIX, only: ['stuck-active'] });
  expect(ids).toEqual(['runs']);
  expect(result.broker).toMatchObject({ messages: 2, nonCelery: 0, unreadable: 0 });
});

describe('a broker elsewhere', () => {
  test('is read where its URL is given, and not beside the tasks', async () => {
    const broker = await elsewhere.client();
    await broker.lPush('celery', messageOf('runs').message);
    await bench.client.lPush('celery', messageOf('waits').message);
    const { ids, result } = await found({ ...FIX, brokerUrl: elsewhere.url });
    expect(ids).toEqual(['waits']);
    expect(result.broker).toMatchObject({ url: `redis://127.0.0.1:${elsewhere.port}/0`, messages: 1 });
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['waits']);
  });

  test('is taken for a wrong one if it has left no trace, whatever messages are beside the tasks', async () => {
    await bench.client.lPush('celery', messageOf('waits').message);
    const brokerUrl = `${elsewhere.url.replace(/\/\d+$/, '')}/9`;
    const { ids, result } = await found({ ...FIX, brokerUrl });
    expect(ids).toEqual(['runs', 'waits']);
    expect(result).toMatchObject({ undecided: { reason: 'not-found', tasks: 2 }, broker: null });
    const broker = await elsewhere.client();
    await broker.flushDb();
    await broker.sAdd('_kombu.binding.celery', BINDING);
    expect((await found({ ...LOOK, brokerUrl: elsewhere.url })).result).toMatchObject({
      undecided: null,
      broker: { messages: 0, knowledge: 'read' },
    });
  });

  test('that cannot be reached fails, by its own name', async () => {
    const url = 'redis://u:p-secret@127.0.0.1:1/0';
    const error = await found({ ...FIX, brokerUrl: url }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('127.0.0.1:1/0') });
    expect(JSON.stringify(error)).not.toContain('p-secret');
  });

  test('lets go of its connection', async () => {
    const broker = await elsewhere.client();
    const names = (await broker.clientList()).map(({ name }) => name);
    expect(names).not.toContain('atf:fix-stuck-tasks');
  });

  test('that does not answer is cut off with the tasks: a stop waits for neither', async () => {
    const target = await connectTarget(bench.redis.url, { name: 'test' });
    const proxy = await startProxy(elsewhere.url, {
      treat(_, [name]) {
        if (!name!.startsWith('EVAL')) return 'pass';
        closeTarget(target);
        return 'stall';
      },
    });
    const run = fixStuckTasks({ ...bench.deps(), target }, { ...LOOK, brokerUrl: proxy.url });
    // Waiting for the broker's answer would end with TIMEOUT.
    await expect(run).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await proxy.stop();
  });
});

test('a message that comes during the repair saves its task from being put back', async () => {
  await bench.client.sAdd('_kombu.binding.celery', BINDING);
  await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
  const progress = ({ step }: ProgressUpdate) => {
    if (step === 'repair') bench.client.lPush('celery', messageOf('waits').message).catch(() => {});
  };
  const { outcome, result } = await fixStuckTasks({ ...bench.deps(), progress }, FIX);
  expect(outcome).toBe('partial');
  expect(result.findings.find(({ id }) => id === 'waits')?.outcome).toBe('changed');
  expect(await bench.client.exists(PRIMARY_QUEUE)).toBe(0);
});
