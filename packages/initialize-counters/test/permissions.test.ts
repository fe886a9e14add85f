import { readFileSync } from 'node:fs';
import {
  counterKey,
  runBin,
  type SandboxClient,
  type SandboxRedis,
  seedAsyncTaskFlow,
  startRedis,
} from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const RULES = /^ACL SETUSER counters on >password (.+)$/m.exec(README)![1]!.split(' ');

let redis: SandboxRedis;
let client: SandboxClient;

beforeAll(async () => {
  redis = await startRedis();
  client = await redis.client();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await client.sendCommand(['ACL', 'SETUSER', 'counters', 'reset', 'on', '>password', ...RULES]);
});

const run = (...args: string[]) =>
  runBin('initialize-counters', [`--redis-url=redis://counters:password@127.0.0.1:${redis.port}/0`, ...args]);

const seed = async (tasks: number) => {
  await client.flushDb();
  await seedAsyncTaskFlow(client, { tasks, seed: 1, faults: { notAHash: 1, missingState: 1 } });
};
const drift = () => client.mSet({ [counterKey('ACTIVE')]: '99', [counterKey('DLQ')]: 'abc' });

describe('the permissions that the README names', () => {
  test.each([
    ['few keys', 30],
    ['so many keys that tasks are followed', 6_000],
  ])('are enough for %s', async (_, tasks) => {
    await seed(tasks);
    await drift();
    expect(await run('--check')).toMatchObject({ code: 1, stderr: '' });
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(await run('--check')).toMatchObject({ code: 0, stderr: '' });
  });

  test('are all needed', async () => {
    await seed(6_000);
    await client.rPush(counterKey('FAILED'), 'no counter');
    for (const rule of RULES.filter((rule) => rule.startsWith('+'))) {
      await drift();
      await client.scriptFlush();
      await client.sendCommand(['ACL', 'SETUSER', 'counters', rule.replace('+', '-')]);
      const { code, stderr } = await run();
      expect([rule, code, stderr]).toEqual([rule, 4, expect.stringContaining('a permission is missing')]);
      await client.sendCommand(['ACL', 'SETUSER', 'counters', rule]);
    }
  });
});
