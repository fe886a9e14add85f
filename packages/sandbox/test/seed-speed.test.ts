import { describe, expect, test } from '@jest/globals';
import { seedAsyncTaskFlow } from '../src/index.js';
import { useRedis } from '../src/jest/index.js';

const bench = useRedis();

describe('seeding', () => {
  test('writes 30,000 tasks at a rate of more than 2,000 a second, even on a busy machine', async () => {
    const startedAt = performance.now();
    const { tasks } = await seedAsyncTaskFlow(bench.client, { tasks: 30_000, seed: 1, contentBytes: 450 });
    expect(tasks / ((performance.now() - startedAt) / 1000)).toBeGreaterThan(2_000);
  });
});
