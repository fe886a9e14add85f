import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fingerprint, fingerprintOf } from '../src/fingerprint.js';
import { RedisInstance } from '../src/redis-instance.js';

const clockFields = ['updated_at'];

let instance: RedisInstance;
beforeAll(async () => {
  instance = await RedisInstance.start();
});
afterAll(() => instance.stop());

async function write({ at = '1', state = 'DLQ', queue = ['a', 'b'] } = {}): Promise<string> {
  const { client } = instance;
  await client.flushAll();
  await client.hSet('task:a', { state, updated_at: at });
  await client.rPush('dlq:tasks', queue);
  await client.hSet('other', 'updated_at', '1');
  return fingerprint(client, { clockFields });
}

test('two ends that differ in their clock fields and the order of ids are the same; any other difference counts', async () => {
  const one = await write();
  expect(await write({ at: '2', queue: ['b', 'a'] })).toBe(one);
  expect(await write({ state: 'PENDING' })).not.toBe(one);
  expect(await write({ queue: ['a', 'b', 'b'] })).not.toBe(one);
  await write();
  await instance.client.hSet('other', 'updated_at', '2');
  expect(await fingerprint(instance.client, { clockFields })).not.toBe(one);
});

test('the fingerprint of an instance follows each change, and what is loaded in its place', async () => {
  await write();
  const of = () => fingerprintOf(instance, { clockFields });
  const [one, file] = [await of(), await instance.save()];
  expect(await of()).toBe(one);
  await instance.client.set('one more', '1');
  expect(await of()).not.toBe(one);
  await instance.load(file);
  expect(await of()).toBe(one);
  await instance.client.flushAll();
  const empty = await instance.save();
  await instance.load(empty);
  expect(await of()).not.toBe(one);
  await instance.load(file);
  expect([await of(), await fingerprintOf(instance, {})]).toEqual([one, expect.not.stringContaining(one)]);
});
