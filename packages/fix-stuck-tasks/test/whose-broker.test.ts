import { DLQ_LIST, PRIMARY_QUEUE, RETRY_QUEUE } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { BINDING, binding, foreign, messageOf, useBrokerFixture } from './broker-fixture.js';
import { DRY_RUN, FIX } from './support.js';

const fixture = useBrokerFixture();

describe('orphaned PENDING and stuck ACTIVE are undecided, and left alone,', () => {
  /** Looks and repairs: neither may put anything back. */
  const undecided = async () => {
    const { ids, result } = await fixture.found(FIX);
    expect(ids).toEqual(['runs', 'waits']);
    expect(result.findings.map(({ obstacle, outcome }) => [obstacle?.code, outcome])).toEqual(
      Array(2).fill(['undecided', 'reported']),
    );
    expect(await fixture.client.exists([PRIMARY_QUEUE, RETRY_QUEUE, DLQ_LIST])).toBe(0);
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
    await fixture.client.lPush('celery', [opaque(headers), messageOf('other').message]);
    const result = await undecided();
    expect(result).toMatchObject({
      undecided: { reason: 'unreadable', tasks: 2 },
      broker: { unreadable: 1 },
    });
  });

  test.each(['garbage', '{"body": "W10=", "headers": {"task": "summarize_text"', `["${'x'.repeat(99)}`])(
    'beside an envelope that is no JSON: %j',
    async (envelope) => {
      await fixture.client.sAdd('_kombu.binding.celery', BINDING);
      await fixture.client.lPush('celery', envelope);
      expect((await undecided()).undecided).toEqual({ reason: 'unreadable', tasks: 2 });
      await fixture.client.flushDb();
      await fixture.writeTasks();
      await fixture.client.sAdd('_kombu.binding.celery', BINDING);
      await fixture.client.hSet('unacked', 'tag', envelope);
      expect((await undecided()).undecided).toEqual({ reason: 'unreadable', tasks: 2 });
    },
  );

  test.each(['celery', 'unacked', 'llm', 'llm\x06\x163'])('if the key %j is of another type', async (key) => {
    await fixture.client.sAdd('_kombu.binding.llm', binding('llm'));
    await fixture.client.lPush('other', messageOf('other').message);
    await fixture.client.set(key, 'x');
    expect(await undecided()).toMatchObject({
      undecided: { reason: 'unreadable', tasks: 2 },
      broker: { wrongTypeKeys: [{ key, type: 'string' }] },
    });
  });

  test('if the queue that a message of ours names is of another type, and its binding is gone', async () => {
    await fixture.client.lPush(
      'renamed',
      messageOf('other').message.replace('"routing_key": "celery"', '"routing_key": "llm"'),
    );
    await fixture.client.set('llm', 'x');
    expect((await undecided()).undecided).toEqual({ reason: 'unreadable', tasks: 2 });
  });

  test('if there is no broker', async () => {
    expect(await undecided()).toMatchObject({ undecided: { reason: 'not-found', tasks: 2 }, broker: null });
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'only the binding of commands',
      () => fixture.client.sAdd('_kombu.binding.celery.pidbox', binding('w1@h.celery.pidbox')),
    ],
    ['bindings of other queues', () => fixture.client.sAdd('_kombu.binding.billing', binding('billing'))],
    [
      'a message of another program in celery',
      async () => {
        await fixture.client.sAdd('_kombu.binding.celery', BINDING);
        await fixture.client.lPush('celery', foreign());
      },
    ],
    [
      'a message of another program that a worker has taken',
      async () => {
        await fixture.client.sAdd('_kombu.binding.celery', BINDING);
        await fixture.client.hSet('unacked', 'tag', JSON.stringify([JSON.parse(foreign()), '', 'celery']));
      },
    ],
    [
      'a message of another program in celery with a priority and a prefix',
      async () => {
        await fixture.client.sAdd('p:_kombu.binding.celery', BINDING);
        await fixture.client.lPush('p:celery\x06\x166', foreign());
      },
    ],
  ])('if the broker may belong to another program: %s', async (_, write) => {
    await write();
    expect(await undecided()).toMatchObject({
      undecided: { reason: 'not-ours', tasks: 2 },
      broker: { knowledge: 'not-ours' },
    });
    const named = await fixture.found({ ...DRY_RUN, brokerUrl: fixture.redis.url });
    expect([named.ids, named.result.undecided]).toEqual([['runs', 'waits'], null]);
    expect(named.result.findings.map(({ repair }) => repair)).not.toContain(null);
  });

  test('so that not all is done: the outcome is partial, and a look finds something', async () => {
    const outcomes = [DRY_RUN, FIX, FIX, { ...FIX, only: ['ghost-entry' as const] }];
    for (const [i, options] of outcomes.entries()) {
      const { outcome } = await fixStuckTasks(fixture.deps(), options);
      expect([i, outcome]).toEqual([i, ['found', 'partial', 'partial', 'clean'][i]]);
    }
    expect(await fixture.client.exists(['tasks:pending:primary', 'tasks:pending:retry'])).toBe(0);
  });

  test('and all is well if there is nothing to decide', async () => {
    await fixture.client.flushDb();
    await fixture.client.set('celery', 'x');
    expect((await fixStuckTasks(fixture.deps(), FIX)).outcome).toBe('clean');
  });
});

describe('the broker is ours, and what it does not hold is put back,', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['if celery has a binding', () => fixture.client.sAdd('_kombu.binding.celery', BINDING)],
    [
      'if celery has a binding under a prefix',
      () => fixture.client.sAdd('{atf}:_kombu.binding.celery', BINDING),
    ],
    [
      'if celery has a binding with another separator',
      () => fixture.client.sAdd('_kombu.binding.celery', 'celery||celery'),
    ],
    [
      'if a queue of no name holds a message of ours',
      () => fixture.client.lPush('my queue: 1', messageOf('other').message),
    ],
    ['if a worker has taken a message of ours', () => fixture.take(messageOf('other'), 'p_unacked')],
    [
      'if messages of another program wait in another queue',
      async () => {
        await fixture.client.sAdd('_kombu.binding.celery', BINDING);
        await fixture.client.sAdd('_kombu.binding.mail', binding('mail'));
        await fixture.client.lPush('mail', foreign());
      },
    ],
    [
      'if replies to commands and events mention tasks',
      async () => {
        await fixture.client.sAdd('_kombu.binding.celery', BINDING);
        const body = JSON.stringify([{ 'w1@h': [{ args: ['waits', 'runs'] }] }]);
        const reply = JSON.stringify({ body, headers: {}, properties: {} });
        for (const queue of ['0a.reply.celery.pidbox', 'celeryev.0a', 'celery'])
          await fixture.client.lPush(queue, reply);
      },
    ],
  ])('%s', async (_, write) => {
    await write();
    const { ids, result } = await fixture.found(FIX);
    expect([ids, result.undecided, result.broker?.knowledge]).toEqual([['runs', 'waits'], null, 'read']);
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(['repaired', 'repaired']);
  });
});
