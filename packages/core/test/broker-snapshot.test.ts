import { celeryMessage, createRandom, unackedTriple } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { expect, jest, test } from '@jest/globals';
import { depsOf } from '../src/deps.js';
import { brokerKeysOf, discoverKeys } from '../src/queues/broker-keys.js';
import { readBroker, readTakenMessages } from '../src/queues/broker-snapshot.js';
import type { Redis } from '../src/redis/client.js';
import { targetOf } from '../src/redis/target.js';

const fixture = useEmptyRedis();
const random = createRandom(1);
const redis = () => fixture.client as unknown as Redis;
const deps = () => depsOf(targetOf(redis()));
const discovered = () => discoverKeys(deps(), redis());

test('the keys of a broker are found, whatever its prefix, its separator, its priorities and its bytes', async () => {
  const { message } = celeryMessage('one', random);
  await fixture.client.sAdd('_kombu.binding.celery', 'celery\x06\x16\x06\x16celery');
  await fixture.client.sAdd('{p}:_kombu.binding.ex', 'rk||my queue: 1');
  const bytes = Buffer.from([0xff, 0x06, 0x16, 0x06, 0x16, 0xfe]);
  await fixture.client.sAdd('_kombu.binding.bytes', bytes);
  await fixture.client.lPush('celery\x06\x1642', message);
  await fixture.client.hSet('mine', 'tag', unackedTriple({ message, deliveryTag: 'tag' }));
  await fixture.client.hSet('a hash', 'field', 'value');
  await fixture.client.lPush('a list', 'value');
  await fixture.client.lPush('mails', '{"to": "x", "body": "Hello"}');
  await fixture.client.lPush('task:1', message);
  await fixture.client.set('worker:heartbeat:w', '1');
  const keys = await discovered();
  expect(keys).toMatchObject({ lists: ['celery\x06\x1642'], unacked: ['mine'], heartbeats: ['w'] });
  expect(keys.bindings.sort()).toEqual([
    '_kombu.binding.bytes',
    '_kombu.binding.celery',
    '{p}:_kombu.binding.ex',
  ]);
  const { queues, unacked, isCeleryBound, wrongType } = await brokerKeysOf(redis(), keys);
  const expected = [
    'celery',
    'celery\x06\x169',
    'celery\x06\x1642',
    '{p}:my queue: 1',
    '{p}:my queue: 1|3',
    '\xfe',
  ];
  expect(queues).toEqual(expect.arrayContaining(expected));
  expect(unacked).toEqual(expect.arrayContaining(['unacked', '{p}:unacked', 'mine']));
  expect({ isCeleryBound, wrongType }).toEqual({ isCeleryBound: true, wrongType: [] });
});

test('a binding that is no set is named: its queues are not known', async () => {
  await fixture.client.set('_kombu.binding.llm', 'x');
  const { wrongType } = await brokerKeysOf(redis(), await discovered());
  expect(wrongType).toEqual([{ key: '_kombu.binding.llm', type: 'string' }]);
});

test('a message that a worker has taken, and that goes back to its queue while they are read, is met', async () => {
  const { message, deliveryTag } = celeryMessage('runs', random);
  await fixture.client.hSet('unacked', deliveryTag, unackedTriple({ message, deliveryTag }));
  await fixture.client.lPush('celery', celeryMessage('other', random).message);
  const client = redis();
  const sendCommand = client.sendCommand.bind(client);
  const restoring = async (args: (string | Buffer)[], ...rest: unknown[]) => {
    const reply = await sendCommand(args, ...(rest as []));
    if (String(args[0]).startsWith('EVAL') && args.some((arg) => String(arg) === 'celery')) {
      await fixture.client.multi().hDel('unacked', deliveryTag).rPush('celery', message).exec();
    }
    return reply;
  };
  const keys = await discovered();
  const spied = jest.spyOn(client, 'sendCommand').mockImplementation(restoring as never);
  try {
    const snapshot = await readBroker(deps(), client, keys);
    expect(snapshot?.mentioned.codeOf(Buffer.from('runs'))).toBe(1);
  } finally {
    spied.mockRestore();
  }
});

test('the messages that workers have taken are read alone', async () => {
  await fixture.client.lPush('celery', celeryMessage('waits', random).message);
  const { message, deliveryTag } = celeryMessage('taken', random);
  await fixture.client.hSet('p:unacked', deliveryTag, unackedTriple({ message, deliveryTag }));
  const { mentioned, ours } = await readTakenMessages(deps(), redis(), await discovered());
  expect(['waits', 'taken'].map((id) => mentioned.codeOf(Buffer.from(id)))).toEqual([0, 1]);
  expect(ours).toBe(1);
});
