import { depsOf, openTaskCounter, type Redis, type TaskCounter, targetOf } from '@atf/core';
import { type RedisProxy, seedAsyncTaskFlow, startProxy } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createClient } from 'redis';

const redis = useEmptyRedis();
let proxy: RedisProxy | undefined;
let client: ReturnType<typeof createClient> | undefined;
let taskCounter: TaskCounter | undefined;

afterEach(async () => {
  await taskCounter?.close();
  client?.destroy();
  await proxy?.stop();
});

/** A task counter behind a server that refuses a command in these words. */
async function taskCounterBehind(refused: RegExp, error: string, options: object): Promise<TaskCounter> {
  proxy = await startProxy(redis.redis.url, {
    treat: (_, words) => (refused.test(words.slice(0, 3).join(' ')) ? { error } : 'pass'),
  });
  client = createClient({ url: proxy.url, RESP: 2, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  taskCounter = openTaskCounter(depsOf(targetOf(client as unknown as Redis)), options);
  return taskCounter;
}

describe.each([
  [
    'CLIENT TRACKING',
    /^CLIENT TRACKING/,
    "ERR unknown subcommand 'TRACKING'. Try CLIENT HELP.",
    'this server does not have the command CLIENT|TRACKING (it is needed to count tasks while they change)',
  ],
  [
    'CLIENT TRACKING',
    /^CLIENT TRACKING/,
    "NOPERM this user has no permissions to run the 'client|tracking' command",
    'this user has no permission to run client|tracking (it is needed to count tasks while they change)',
  ],
  ['SUBSCRIBE', /^subscribe/i, 'ERR This command is not available', 'This command is not available'],
  [
    'XREAD',
    /^XREAD/,
    "ERR unknown command 'XREAD'",
    'this server does not have the command XREAD (it is needed to count tasks while they change)',
  ],
  [
    'RESP3',
    /^HELLO 3/,
    'ERR unknown command `HELLO`, with args beginning with: `3`, ',
    'this server does not have the command HELLO (it is needed to speak RESP3)',
  ],
  ['RESP3', /^HELLO 3/, 'NOPROTO unsupported protocol version', 'unsupported protocol version'],
])('a server that refuses %s', (_, refused, error, why) => {
  test(`with ${error}: one script counts`, async () => {
    await seedAsyncTaskFlow(redis.client, { tasks: 300, seed: 1 });
    const { counts } = await (await taskCounterBehind(refused, error, { oneScriptUpTo: 100 })).take();
    expect(Object.values(counts.states).reduce((sum, tasks) => sum + tasks, 0)).toBe(300);
  });

  test(`with ${error}: more keys than one script may count need tracking`, async () => {
    await seedAsyncTaskFlow(redis.client, { tasks: 300, seed: 1 });
    const options = { oneScriptUpTo: 100, oneScriptWithoutTrackingUpTo: 200 };
    const taking = (await taskCounterBehind(refused, error, options)).take();
    await expect(taking).rejects.toMatchObject({
      message: 'more than 200 keys cannot be counted without CLIENT TRACKING',
      why,
      hint: error.startsWith('NOPERM')
        ? 'Give the user +client|tracking, +subscribe, +xread and &atf:counting.'
        : 'Allow CLIENT TRACKING, SUBSCRIBE, XREAD and RESP3 (HELLO 3) there. If a proxy refuses them, connect to the server itself.',
    });
  });
});
