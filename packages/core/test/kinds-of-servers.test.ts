import { join } from 'node:path';
import { type SandboxRedis, serverMajorVersion, startProxy, startRedis } from '@atf/sandbox';
import { until, useFolder, useServers } from '@atf/sandbox/jest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTaskCounter } from '../src/counting/open-task-counter.js';
import { depsOf } from '../src/deps.js';
import { failureOf } from '../src/redis/failure.js';
import { takeMaintenanceLock } from '../src/redis/maintenance-lock.js';
import { describeTarget, type Target } from '../src/redis/target.js';
import { useTargets } from './use-targets.js';

const folder = useFolder();
const { serverThat } = useServers();
const { connect, closeAll, refusalOf } = useTargets();
const servers: SandboxRedis[] = [];

async function start(...args: string[]): Promise<SandboxRedis> {
  const redis = await startRedis({ args });
  servers.push(redis);
  return redis;
}
afterAll(() => Promise.all(servers.map((redis) => redis.stop())));

describe('a server that holds only a part of the data is refused', () => {
  test('a node of a cluster', async () => {
    const { url } = await start(
      '--cluster-enabled',
      'yes',
      '--cluster-config-file',
      join(folder, 'nodes.conf'),
    );
    expect(await refusalOf(connect(url))).toEqual({
      code: 'SERVER',
      message: `cannot use Redis at ${url}`,
      why: 'the server is a node of a Redis Cluster, which holds only a part of the keys',
      hint: 'AsyncTaskFlow does not run on a Redis Cluster. Name a server that is not part of one.',
    });
  });

  test('a replica that has lost its primary', async () => {
    const primary = await start();
    const replica = await start('--replicaof', primary.host, String(primary.port));
    const client = await replica.client();
    await until(async () => /master_link_status:up/.test(await client.info('replication')));
    await primary.kill();
    await until(async () => /master_link_status:down/.test(await client.info('replication')));
    expect(await refusalOf(connect(replica.url))).toEqual({
      code: 'SERVER',
      message: `cannot use Redis at ${replica.url}`,
      why: `the server is a replica without a connection to its primary (${primary.host}:${primary.port}), so its data may be old or incomplete`,
      hint: 'Name the primary, or wait until INFO replication says master_link_status:up.',
    });
  });
});

describe('a server that tells its version', () => {
  /** Answers as Redis before 6.0, which knows no HELLO. */
  const old = (version: string) =>
    serverThat((socket) => {
      socket.on('data', (bytes) => {
        const info = `# Server\r\n${version}\r\nredis_mode:standalone\r\n\r\n# Replication\r\nrole:master\r\n`;
        const isInfo = /\r\nINFO\r\n/.test(String(bytes));
        socket.write(isInfo ? `$${info.length}\r\n${info}\r\n` : '-ERR unknown command `HELLO`\r\n');
      });
    });

  test('is refused if it is too old', async () => {
    const url = `redis://127.0.0.1:${await old('redis_version:5.0.14')}/0`;
    expect(await refusalOf(connect(url))).toEqual({
      code: 'SERVER',
      message: `cannot use Redis at ${url}`,
      why: 'Redis 5.0.14 is too old',
      hint: 'Name a server with Redis 6.0 or newer, or with Valkey.',
    });
  });

  test.each(['redis_version:6.0.16', 'redis_version:4.0.0\r\ngcc_version:12.2.0\r\nkvrocks_version:2.9.0'])(
    'is used if it is new enough, or no Redis (%s)',
    async (version) => {
      expect(await connect(`redis://127.0.0.1:${await old(version)}/0`)).toBeDefined();
    },
  );
});

describe('a replica that follows its primary', () => {
  let primary: SandboxRedis;
  let replica: SandboxRedis;
  beforeAll(async () => {
    primary = await start('--repl-diskless-sync-delay', '0');
    replica = await start('--replicaof', primary.host, String(primary.port), '--replica-read-only', 'no');
    const client = await replica.client();
    await client.sendCommand(['ACL', 'SETUSER', 'blind', 'on', 'nopass', '~*', '+@all', '-info']);
    await client.sendCommand(['ACL', 'SETUSER', 'blinder', 'on', 'nopass', '~*', '+@all', '-info', '-role']);
    await until(async () => /master_link_status:up/.test(await client.info('replication')));
  });

  test('serves work that only reads, and is described as one', async () => {
    const { replica: described } = (await connect(replica.url)).description;
    expect(described).toEqual({ primary: `127.0.0.1:${primary.port}`, lagSeconds: expect.any(Number) });
    const asBlind = await connect(replica.url.replace('//', '//blind@'));
    expect(asBlind.description.replica).toEqual({ primary: `127.0.0.1:${primary.port}`, lagSeconds: null });
  });

  test('is refused if nobody may ask for its link', async () => {
    const { code, why } = await refusalOf(connect(replica.url.replace('//', '//blinder@')));
    expect([code, why]).toEqual(['SERVER', expect.stringContaining('a replica without a connection')]);
  });

  test('is refused to work that writes, even if it lets writes through', async () => {
    const refusal = {
      code: 'READ_ONLY',
      message: `cannot write to Redis at ${replica.url}`,
      why: `the server is a replica of 127.0.0.1:${primary.port}`,
      hint: 'Name the primary. A replica serves --dry-run and --check.',
    };
    expect(await refusalOf(connect(replica.url, { primaryOnly: true }))).toEqual(refusal);
    const target = await connect(replica.url);
    const lock = takeMaintenanceLock(depsOf(target), { tool: 'tool', rules: [] });
    expect(await refusalOf(lock)).toEqual(refusal);
  });
});

test('a server on a Unix socket is reached, with its database', async () => {
  const path = join(folder, 'redis.sock');
  await start('--unixsocket', path);
  const target = await connect(`unix://${path}?db=2`);
  expect(await target.client.sendCommand(['CLIENT', 'LIST'])).toMatch(/name=test .* db=2 /);
  expect(describeTarget(target.description)).toBe(`unix://${path}?db=2`);
  expect(await refusalOf(connect(`unix://${path}.gone`))).toMatchObject({ code: 'UNREACHABLE' });
});

test.each(['ssl_ca_certs', 'ssl_certfile'])(
  'a missing file of %s is an error that names it',
  async (option) => {
    const missing = join(folder, 'missing.pem');
    const query =
      option === 'ssl_certfile' ? `${option}=${missing}&ssl_keyfile=${missing}` : `${option}=${missing}`;
    expect(await refusalOf(connect(`rediss://127.0.0.1/0?${query}`))).toEqual({
      code: 'USAGE',
      message: `the file of ${option} cannot be read`,
      why: expect.stringContaining('missing.pem'),
      hint: 'Check the path in the URL.',
    });
  },
);

describe('a server that refuses commands, as managed ones do', () => {
  let redis: SandboxRedis;
  beforeAll(async () => {
    redis = await start();
    const client = await redis.client();
    await client.hSet('task:a', { task_id: 'a', state: 'PENDING' });
  });

  /** Connects through a proxy that answers these commands with this error. */
  async function behind(
    commands: string,
    error: string,
    use: (target: Target) => Promise<void>,
  ): Promise<void> {
    const refused = commands.split(' ');
    const proxy = await startProxy(redis.url, {
      treat: (_, [name = '']) => (refused.includes(name.toUpperCase()) ? { error } : 'pass'),
    });
    try {
      await use(await connect(proxy.url));
    } finally {
      closeAll();
      await proxy.stop();
    }
  }

  const count = async (target: Target) =>
    (await openTaskCounter(depsOf(target)).take()).counts.states.PENDING;

  test.each([
    ['HELLO', "ERR unknown command 'HELLO'"],
    ['HELLO', 'NOPROTO unsupported protocol version'],
    ['HELLO CLIENT', 'ERR unknown command'],
    ['HELLO CLIENT INFO ROLE', "ERR Command is not available: 'X'. See https://example"],
    ['EVALSHA_RO EVAL_RO', 'ERR unsupported command'],
    ['EVALSHA_RO EVAL_RO INFO', 'ERR command is not allowed'],
  ])('works without %s (%s)', (commands, error) =>
    behind(commands, error, async (target) => {
      expect(await count(target)).toBe(1);
      await (await takeMaintenanceLock(depsOf(target), { tool: 'tool', rules: [] })).release();
    }),
  );

  test('that are needed is an error that names them', () =>
    behind('EVALSHA EVALSHA_RO EVAL EVAL_RO', 'ERR command is not allowed', async (target) => {
      const failure = failureOf(await count(target).catch((error: unknown) => error), target);
      expect([failure.code, failure.why, failure.hint]).toEqual([
        'SERVER',
        'the server refuses the command evalsha: command is not allowed (it is needed to run scripts)',
        'Allow the command there, or undo its renaming (rename-command).',
      ]);
    }));

  /** Before Redis 7 a script cannot ask. */
  const testIfAsked = serverMajorVersion() >= 7 ? test : test.skip;
  testIfAsked('under another name is an error that names it, before anything is written', async () => {
    const renamed = await start('--rename-command', 'UNLINK', 'secret-unlink');
    const target = await connect(renamed.url);
    const lock = takeMaintenanceLock(depsOf(target), { tool: 'tool', rules: ['+hget', '+unlink'] });
    const failure = failureOf(await lock.catch((error: unknown) => error), target);
    expect([failure.code, failure.why]).toEqual([
      'SERVER',
      'this server does not have the command unlink (it is needed to delete keys)',
    ]);
    expect(await (await renamed.client()).dbSize()).toBe(0);
  });
});
