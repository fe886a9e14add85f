import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SandboxRedis, seedAsyncTaskFlow, startRedis } from '../src/index.js';

let redis: SandboxRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe('seeding', () => {
  test('writes 30,000 tasks at a rate of more than 2,000 a second, even on a busy machine', async () => {
    const client = await redis.client();
    const startedAt = performance.now();
    const { tasks } = await seedAsyncTaskFlow(client, { tasks: 30_000, seed: 1, contentBytes: 450 });
    expect(tasks / ((performance.now() - startedAt) / 1000)).toBeGreaterThan(2_000);
  });
});
