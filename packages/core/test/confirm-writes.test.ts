import { type FailoverPair, startFailoverPair } from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Redis } from '../src/redis/client.js';
import { WriteConfirmation } from '../src/redis/confirm-writes.js';

let pair: FailoverPair;
let client: Redis;
beforeAll(async () => {
  pair = await startFailoverPair();
  client = pair.client as unknown as Redis;
});
afterAll(() => pair.stop());
beforeEach(() => pair.client.configResetStat());

/** How many WAITs the server has answered. */
async function waits(): Promise<number> {
  return Number(/cmdstat_wait:calls=(\d+)/.exec(String(await client.info('commandstats')))?.[1] ?? 0);
}

test('a WAIT rests for twenty times what it took, and meanwhile the writes are unconfirmed', async () => {
  let now = 0;
  // Each look at the clock takes 60 ms: a WAIT, which looks at its start and its end, seems to take that long.
  const confirmation = new WriteConfirmation(client, { replicates: true }, () => {
    now += 60;
    return now;
  });
  const write = async () => {
    await client.sendCommand(['INCR', 'counter']);
    await confirmation.confirm();
    return [confirmation.state, await waits()];
  };
  expect(await write()).toEqual(['confirmed', 1]);
  expect(await write()).toEqual(['failed', 1]);
  now += 20 * 60;
  expect(await write()).toEqual(['confirmed', 2]);
  expect(await write()).toEqual(['failed', 2]);
  expect([await confirmation.finish(), await waits()]).toEqual(['confirmed', 3]);
});

test('a run that wrote nothing waits for no replica', async () => {
  const confirmation = new WriteConfirmation(client, { replicates: true });
  expect([await confirmation.finish(), await waits()]).toEqual(['not-needed', 0]);
});

test('a connection that breaks leaves the writes unconfirmed', async () => {
  const own = (await pair.first.client()) as unknown as Redis;
  const confirmation = new WriteConfirmation(own, { replicates: true }, () => 0);
  own.destroy();
  await expect(confirmation.confirm()).rejects.toThrow();
  expect(confirmation.state).toBe('failed');
});
