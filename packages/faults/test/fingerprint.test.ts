import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fingerprint, fingerprintOf } from '../src/fingerprint.js';
import { Slot } from '../src/slot.js';

const clockFields = ['updated_at'];

let slot: Slot;
beforeAll(async () => {
  slot = await Slot.start();
});
afterAll(() => slot.stop());

async function write({ at = '1', state = 'DLQ', queue = ['a', 'b'] } = {}): Promise<string> {
  const { client } = slot;
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
  await slot.client.hSet('other', 'updated_at', '2');
  expect(await fingerprint(slot.client, { clockFields })).not.toBe(one);
});

test('the fingerprint of a slot follows each change, and what is loaded in its place', async () => {
  await write();
  const of = () => fingerprintOf(slot, { clockFields });
  const [one, file] = [await of(), await slot.save()];
  expect(await of()).toBe(one);
  await slot.client.set('one more', '1');
  expect(await of()).not.toBe(one);
  await slot.load(file);
  expect(await of()).toBe(one);
  await slot.client.flushAll();
  const empty = await slot.save();
  await slot.load(empty);
  expect(await of()).not.toBe(one);
  await slot.load(file);
  expect([await of(), await fingerprintOf(slot, {})]).toEqual([one, expect.not.stringContaining(one)]);
});
