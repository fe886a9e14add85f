import { closeTarget, connectTarget, depsOf, type Target } from '@atf/core';
import { taskKey } from '@atf/sandbox';
import { until, useEmptyRedis } from '@atf/sandbox/jest';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TrackingTaskCounter } from '../src/counting/count-with-tracking.js';

const redis = useEmptyRedis();
let target: Target;
let taskCounter: TrackingTaskCounter;

beforeEach(async () => {
  await redis.client.sendCommand(['DEBUG', 'SET-ACTIVE-EXPIRE', '0']);
  for (let i = 0; i < 20; i++) await redis.client.hSet(taskKey(`t${i}`), 'state', 'COMPLETED');
  target = await connectTarget(redis.redis.url, { name: 'test' });
  taskCounter = await TrackingTaskCounter.open(depsOf(target));
});

afterEach(async () => {
  await taskCounter.close();
  closeTarget(target);
  await redis.client.sendCommand(['DEBUG', 'SET-ACTIVE-EXPIRE', '1']);
});

test('tasks do not count from their expiry on, although the server has not deleted them', async () => {
  await redis.client.pExpire(taskKey('t6'), 300);
  await redis.client.hSet(taskKey('t7'), 'state', 'FAILED');
  expect((await taskCounter.take()).counts.states).toMatchObject({ COMPLETED: 19, FAILED: 1 });
  // A PTTL deletes an expired key, so another key shows that the time is over.
  await redis.client.set('last', '', { PX: 400 });
  await until(async () => (await redis.client.pTTL('last')) < 0);
  expect(await redis.client.dbSize()).toBe(20);
  expect((await taskCounter.take()).counts.states).toMatchObject({ COMPLETED: 18, FAILED: 1 });
});

test('tasks count until they expire', async () => {
  await redis.client.expire(taskKey('t6'), 1_000);
  await redis.client.expire(taskKey('t7'), 100_000);
  for (let i = 0; i < 2; i++)
    expect((await taskCounter.take()).counts.states).toMatchObject({ COMPLETED: 20 });
});
