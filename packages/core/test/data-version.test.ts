import { allowUser, type SandboxClient, startRedis } from '@atf/sandbox';
import { until, useEmptyRedis } from '@atf/sandbox/jest';
import { beforeEach, expect, test } from '@jest/globals';
import type { Redis } from '../src/redis/client.js';
import { closeTarget, connectTarget } from '../src/redis/connect.js';
import { readDataVersion } from '../src/redis/data-version.js';

const server = useEmptyRedis();
const version = (client: SandboxClient = server.client) => readDataVersion(client as unknown as Redis);

beforeEach(async () => {
  await server.client.set('key', 'value');
  await until(version); // The second after the last save must be over.
});

test('it stays the same while clients only read', async () => {
  const before = await version();
  await server.client.multi().get('key').scan('0').set('key', 'other', { condition: 'NX' }).exec();
  expect(before).toEqual(expect.any(String));
  expect(await version()).toBe(before);
});

const save = () => server.client.sendCommand(['SAVE']);

test.each<[string, () => Promise<unknown>]>([
  ['another key is written', () => server.client.set('another', 'x')],
  ['the same value is written', () => server.client.set('key', 'value')],
  ['another database is written to', () => server.client.multi().select(3).set('x', 'y').select(0).exec()],
  ['a key is deleted', () => server.client.del('key')],
  ['databases are swapped', () => server.client.sendCommand(['SWAPDB', '0', '1'])],
  [
    'the server saves, and as many changes follow',
    async () => {
      const changes = Number((await version())!.split(' ')[0]);
      await save();
      for (let i = 0; i < changes; i++) await server.client.set('key', 'value');
      await until(version);
    },
  ],
  [
    'a key expires',
    async () => {
      await server.client.set('key', 'value', { PX: 1 });
      const before = await version();
      await until(async () => (await server.client.get('key')) === null);
      expect(await version()).not.toBe(before);
    },
  ],
])('it is another one if %s', async (_, act) => {
  const before = await version();
  await act();
  expect(await version()).not.toBe(before);
});

test('it is another one if a key is evicted', async () => {
  const config = (policy: string, bytes: string) =>
    server.client.sendCommand(['CONFIG', 'SET', 'maxmemory-policy', policy, 'maxmemory', bytes]);
  const before = await version();
  await config('allkeys-random', '1');
  await until(async () => (await server.client.dbSize()) === 0);
  await config('noeviction', '0');
  expect((await version())?.split(' ')[0]).toBe(before!.split(' ')[0]);
  expect(await version()).not.toBe(before);
});

test('a replica has none, and a server that was one meanwhile has another one', async () => {
  await server.client.sendCommand(['CONFIG', 'SET', 'repl-diskless-sync-delay', '0']);
  const replica = await startRedis();
  try {
    const client = await replica.client();
    await client.set('key', 'value');
    await until(() => version(client));
    const before = await version(client);
    await client.sendCommand(['REPLICAOF', server.redis.host, String(server.redis.port)]);
    await until(async () => /master_link_status:up/.test(await client.info('replication')));
    expect(await version(client)).toBeUndefined();
    await client.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    expect(await version(client)).not.toBe(before);
  } finally {
    await replica.stop();
  }
});

test('a user who may not run INFO gets none', async () => {
  const url = await allowUser(server, 'reader', ['+eval_ro', '+evalsha_ro', '+time']);
  const target = await connectTarget(url, { name: 'test' });
  expect(await readDataVersion(target.client)).toBeUndefined();
  closeTarget(target);
});

test('there is none without changes, and none in the second of the last save', async () => {
  await save();
  const { client } = server;
  const isSecondOfSave = async () => {
    const [second] = await client.sendCommand<[string]>(['TIME']);
    return (await client.info('persistence')).includes(`rdb_last_save_time:${second}`);
  };
  await until(async () => !(await isSecondOfSave()));
  expect(await version()).toBeUndefined();
  let inSecondOfSave: string | undefined;
  await until(async () => {
    await save();
    await client.set('key', 'value');
    inSecondOfSave = await version();
    return isSecondOfSave();
  });
  expect(inSecondOfSave).toBeUndefined();
});
