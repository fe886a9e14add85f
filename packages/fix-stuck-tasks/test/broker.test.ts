import { closeTarget, connectTarget, type ProgressUpdate, readBroker } from '@atf/core';
import {
  activeTask,
  celeryMessage,
  createRandom,
  MINUTE,
  microsOf,
  PRIMARY_QUEUE,
  pendingTask,
  type SandboxRedis,
  startProxy,
  startRedis,
  unackedTriple,
} from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { FIX, LOOK, useBench } from './support.js';

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

beforeEach(async () => {
  await bench.write('waits', pendingTask({ id: 'waits', content: 'x', createdAt }));
  const run = { workerId: 'dead', startedAt: createdAt };
  await bench.write('runs', activeTask({ id: 'runs', content: 'x', createdAt }, run));
});

const found = async (options: Parameters<typeof fixStuckTasks>[1] = LOOK) => {
  const { result } = await fixStuckTasks(bench.deps(), options);
  return { ids: result.findings.map(({ id }) => id).sort(), result };
};

describe('a task that a message names is left alone: one', () => {
  test.each(LISTS)('in the list %j', async (list) => {
    for (const id of ['waits', 'runs']) await bench.client.lPush(list, messageOf(id).message);
    expect((await found()).ids).toEqual([]);
  });

  test('that a worker has taken', async () => {
    for (const id of ['waits', 'runs']) {
      const message = messageOf(id);
      await bench.client.hSet('unacked', message.deliveryTag, unackedTriple(message));
    }
    expect((await found()).ids).toEqual([]);
  });

  test('that a worker has taken, and that goes back to its list during the look', async () => {
    const { message, deliveryTag } = messageOf('runs');
    await bench.client.hSet('unacked', deliveryTag, unackedTriple({ message, deliveryTag }));
    await bench.client.lPush('celery', messageOf('other').message);
    const deps = bench.deps();
    const { client } = deps.target;
    const sendCommand = client.sendCommand.bind(client);
    const restoring = async (args: string[], ...rest: unknown[]) => {
      const reply = await sendCommand(args, ...(rest as []));
      if (args[0]!.startsWith('EVAL') && args.includes('celery') && !args.includes('_kombu.binding.celery')) {
        await bench.client.multi().hDel('unacked', deliveryTag).rPush('celery', message).exec();
      }
      return reply;
    };
    const spied = jest.spyOn(client, 'sendCommand').mockImplementation(restoring as never);
    try {
      const snapshot = await readBroker(deps, client);
      expect(snapshot.mentioned.codeOf(Buffer.from('runs'))).toBe(1);
      expect(snapshot.messages).toBe(1);
    } finally {
      spied.mockRestore();
    }
  });

  test('far down among 250 others, and foreign ones', async () => {
    const others = Array.from({ length: 250 }, (_, i) => messageOf(`other-${i}`).message);
    const two = ['waits', 'runs'].map((id) => messageOf(id).message);
    await bench.client.rPush('celery', ['no message', '{"body": 5}', ...others, ...two]);
    const { ids, result } = await found();
    expect(ids).toEqual([]);
    expect(result.broker).toMatchObject({ messages: 254, nonCelery: 2, opaque: 0 });
  });
});

describe('orphaned PENDING cannot be judged, and is left alone,', () => {
  const opaque = (headers: object) =>
    JSON.stringify({ body: 'gAR9lC4=', headers, properties: { body_encoding: 'base64' } });

  test.each([{}, { task: 'summarize_text' }, { task: 'app.tasks.summarize_text' }, { task: 'celery.chord' }])(
    'beside a message that cannot be read, with the headers %j',
    async (headers) => {
      await bench.client.lPush('celery', opaque(headers));
      const { ids, result } = await found();
      expect(ids).toEqual(['runs']);
      expect(result).toMatchObject({
        unjudged: { reason: 'unreadable-messages', tasks: 1 },
        broker: { opaque: 1 },
      });
      expect(result.findings[0]!.broker).toBe('unreadable');
    },
  );

  test('where the list of messages is none', async () => {
    await bench.client.set('celery', 'x');
    const { ids, result } = await found();
    expect(ids).toEqual(['runs']);
    expect(result).toMatchObject({
      unjudged: { reason: 'unreadable-messages', tasks: 1 },
      broker: { wrongTypeKeys: [{ key: 'celery', type: 'string' }] },
    });
  });

  test('where there is no broker; stuck ACTIVE are judged without it', async () => {
    const { ids, result } = await found();
    expect(ids).toEqual(['runs']);
    expect(result).toMatchObject({ unjudged: { reason: 'no-broker', tasks: 1 }, broker: null });
    expect(result.findings[0]!.broker).toBe('not-read');
  });

  test('so that not all is done: the outcome is partial, and a look finds something', async () => {
    const outcomes = [LOOK, FIX, FIX, { ...FIX, only: ['stuck-active' as const] }];
    for (const [i, options] of outcomes.entries()) {
      const { outcome } = await fixStuckTasks(bench.deps(), options);
      expect([i, outcome]).toEqual([i, ['found', 'partial', 'partial', 'clean'][i]]);
    }
  });
});

test('a message of another task that cannot be read hinders nothing', async () => {
  const headers = { task: 'send_mail' };
  await bench.client.lPush('celery', JSON.stringify({ body: 'gAR9lC4=', headers, properties: {} }));
  expect((await found()).ids).toEqual(['runs', 'waits']);
});

test('messages are counted once, however often the broker is read', async () => {
  const { message, deliveryTag } = messageOf('waits');
  await bench.client.hSet('unacked', deliveryTag, unackedTriple({ message, deliveryTag }));
  await bench.client.lPush('celery', messageOf('other').message);
  const { ids, result } = await found({ ...FIX, only: ['stuck-active'] });
  expect(ids).toEqual(['runs']);
  expect(result.broker).toMatchObject({ messages: 2, nonCelery: 0, opaque: 0 });
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

  test('is taken for a wrong one where it has left no trace, be there messages beside the tasks or not', async () => {
    await bench.client.lPush('celery', messageOf('waits').message);
    const brokerUrl = `${elsewhere.url.replace(/\/\d+$/, '')}/9`;
    const { ids, result } = await found({ ...FIX, brokerUrl });
    expect(ids).toEqual(['runs']);
    expect(result).toMatchObject({ unjudged: { reason: 'no-broker', tasks: 1 }, broker: null });
    await bench.client.del('celery');
    expect((await found({ ...LOOK, brokerUrl })).result).toMatchObject({
      unjudged: { tasks: 1 },
      broker: null,
    });
    const broker = await elsewhere.client();
    await broker.flushDb();
    await broker.sAdd('_kombu.binding.celery', 'celery');
    const url = elsewhere.url;
    expect((await found({ ...LOOK, brokerUrl: url })).result).toMatchObject({
      unjudged: null,
      broker: { messages: 0 },
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
  await bench.client.sAdd('_kombu.binding.celery', 'x');
  await bench.client.rPush(PRIMARY_QUEUE, 'ghost');
  const progress = ({ step }: ProgressUpdate) => {
    if (step === 'repair') bench.client.lPush('celery', messageOf('waits').message).catch(() => {});
  };
  const { outcome, result } = await fixStuckTasks({ ...bench.deps(), progress }, FIX);
  expect(outcome).toBe('partial');
  expect(result.findings.find(({ id }) => id === 'waits')?.outcome).toBe('changed');
  expect(await bench.client.exists(PRIMARY_QUEUE)).toBe(0);
});
