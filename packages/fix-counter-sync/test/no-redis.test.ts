import { counterKey, loadRecording, runBin, type SandboxRedis, startRedis } from '@atf/sandbox';
import { until, useServers } from '@atf/sandbox/jest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const PASSWORD = 'geheim-4711';

let redis: SandboxRedis;
/** Takes 7 s: the other tests run meanwhile. */
let silence: Promise<string>;
const { serverThat, closedPort } = useServers();

beforeAll(async () => {
  silence = serverThat(() => {}).then((port) => failureOn(port));
  silence.catch(() => {}); // awaited by its test
  redis = await startRedis({ password: PASSWORD, args: ['--repl-diskless-sync-delay', '0'] });
  const admin = await redis.client();
  const allow = (user: string, ...rules: string[]) =>
    admin.sendCommand(['ACL', 'SETUSER', user, 'on', `>${PASSWORD}`, ...rules]);
  await allow('noscript', '~*', '+@all', '-@scripting');
  await allow('nokeys', '~metrics:*', '+@all');
  await allow('nowrite', '~*', '+@all', '-incrby');
  await loadRecording(admin);
  await admin.set(counterKey('ACTIVE'), '4');
});

afterAll(() => redis.stop());

/** What a run on this target says on stderr, which holds to what is promised of any failure of Redis. */
async function failureOn(port: number, login = `:${PASSWORD}@`, args: string[] = []): Promise<string> {
  const url = `redis://${login}127.0.0.1:${port}/0`;
  const { code, stdout, stderr } = await runBin('fix-counter-sync', ['--redis-url', url, ...args]);
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  expect(stderr).toContain(`redis://127.0.0.1:${port}/0`);
  expect(stderr).not.toContain(PASSWORD);
  return stderr;
}

describe('in three lines, without a password, exit 4:', () => {
  test('a closed port', async () => {
    const port = await closedPort();
    expect(await failureOn(port)).toBe(
      `❌ fix-counter-sync: cannot reach Redis at redis://127.0.0.1:${port}/0\n` +
        '   Why: nothing listens there (connection refused)\n' +
        '   Nothing was changed. Check host and port, and that Redis runs.\n',
    );
  });

  test('a wrong password', async () => {
    expect(await failureOn(redis.port, `:${PASSWORD}x@`)).toContain('Why: the user or the password is wrong');
  });

  test('a missing password', async () => {
    expect(await failureOn(redis.port, '')).toContain('Why: the server wants a password');
  });

  test('a server that is no Redis', async () => {
    const port = await serverThat((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await failureOn(port)).toContain('Why: what answers there is no Redis');
  });

  test.each([
    [
      'run scripts',
      'noscript',
      /Why: this user has no permission to run evalsha_ro \(it is needed to run scripts\)/,
    ],
    ['read the tasks', 'nokeys', /Why: .*no permission to run \w+ on task:/],
    ['write the counters', 'nowrite', /Why: .*(permission|can't run)/],
  ])('a user who may not %s', async (_, user, why) => {
    const stderr = await failureOn(redis.port, `${user}:${PASSWORD}@`);
    expect(stderr).toContain('❌ fix-counter-sync: a permission is missing on Redis at ');
    expect(stderr).toMatch(why);
    expect(stderr).toContain('Nothing was changed.');
  });

  test('a read-only replica', async () => {
    const primary = ['--replicaof', redis.host, String(redis.port), '--masterauth', PASSWORD];
    const replica = await startRedis({ args: [...primary, '--repl-diskless-load', 'swapdb'] });
    try {
      const client = await replica.client();
      await until(async () => (await client.get(counterKey('ACTIVE'))) === '4');
      const stderr = await failureOn(replica.port, '');
      expect(stderr).toContain(
        `❌ fix-counter-sync: cannot write to Redis at redis://127.0.0.1:${replica.port}/0\n`,
      );
      expect(stderr).toContain(
        `Why: the server is a replica of 127.0.0.1:${redis.port}\n   Nothing was changed. Name the primary.`,
      );
    } finally {
      await replica.stop();
    }
  });

  test('a server that accepts and never answers', async () => {
    expect(await silence).toContain('Why: the server does not answer');
  });
});

test('a database that the server does not have is a usage error', async () => {
  const { code, stderr } = await runBin('fix-counter-sync', [redis.url.replace(/0$/, '99')]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('the server has no database of that number')]);
});

test('rediss:// to a server without TLS says so, and Node warns of nothing', async () => {
  const port = await serverThat((socket) =>
    socket.once('data', () => socket.end('-ERR unknown command\r\n')),
  );
  const { code, stderr } = await runBin('fix-counter-sync', [`rediss://:${PASSWORD}@127.0.0.1:${port}/0`]);
  expect(code).toBe(4);
  expect(stderr.split('\n')).toEqual([
    `❌ fix-counter-sync: no trusted connection to Redis at rediss://127.0.0.1:${port}/0`,
    '   Why: no TLS connection could be made',
    '   Nothing was changed. Check rediss:// against redis://, and the port.',
    '',
  ]);
});

test('DEBUG=atf shows the stack down to its cause, without the password', async () => {
  const url = `redis://:${PASSWORD}@127.0.0.1:1/0`;
  const { code, stderr } = await runBin('fix-counter-sync', [url], { env: { DEBUG: 'atf' } });
  expect(code).toBe(4);
  expect(stderr).toContain('AtfError: cannot reach Redis');
  expect(stderr).toMatch(/Caused by: Error: connect ECONNREFUSED/);
  expect(stderr).not.toContain(PASSWORD);
});
