import { inspect } from 'node:util';
import { type SandboxRedis, startRedis } from '@atf/sandbox';
import { useServers } from '@atf/sandbox/jest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AtfError } from '../src/errors.js';
import { closeTarget, connectTarget } from '../src/redis/connect.js';
import { describeTarget } from '../src/redis/target.js';

const PASSWORD = 'geheim-4711';

let redis: SandboxRedis;
const { serverThat, closedPort } = useServers();

beforeAll(async () => {
  redis = await startRedis({ password: PASSWORD });
  const admin = await redis.client();
  await admin.sendCommand(['ACL', 'SETUSER', 'reader', 'on', `>${PASSWORD}`, '~*', '+@read', '+@connection']);
  await admin.sendCommand(['ACL', 'SETUSER', 'open', 'on', 'nopass', '~*', '+acl|whoami']);
  await admin.sendCommand(['ACL', 'SETUSER', 'caged', 'on', `>${PASSWORD}`, '~*', '-@all', '+get']);
});

afterAll(() => redis.stop());

const urlOf = (port: number, login = `:${PASSWORD}@`) => `redis://${login}127.0.0.1:${port}/0`;

/** What connecting is refused with. It tells no password. */
async function refusalOf(url: string): Promise<AtfError> {
  const failure = await connectTarget(url, { name: 'test' }).then(
    () => Promise.reject(new Error('it was not refused')),
    (error: AtfError) => error,
  );
  expect(inspect(failure, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(PASSWORD);
  expect(`${failure.stack}`).not.toContain(PASSWORD);
  return failure;
}

describe('connecting', () => {
  test('gives a target that is ready for commands, and described without its password', async () => {
    const target = await connectTarget(redis.url.replace(/0$/, '3'), { name: 'test' });
    expect(await target.client.sendCommand(['PING'])).toBe('PONG');
    expect(target.description).toEqual({
      host: '127.0.0.1',
      port: redis.port,
      database: 3,
      tls: false,
      user: null,
    });
    expect(describeTarget(target.description)).toBe(`redis://127.0.0.1:${redis.port}/3`);
    closeTarget(target);
  });

  test('uses the database and shows its name to the server', async () => {
    const target = await connectTarget(redis.url.replace(/0$/, '3'), { name: 'atf:test' });
    expect(await target.client.sendCommand(['CLIENT', 'INFO'])).toMatch(/ name=atf:test .* db=3 /);
    closeTarget(target);
    closeTarget(target);
  });

  test('sends nothing that a server refuses, or that a user with few permissions may not run', async () => {
    const admin = await redis.client();
    await admin.sendCommand(['CONFIG', 'RESETSTAT']);
    closeTarget(await connectTarget(redis.url, { name: 'test' }));
    const info = String(await admin.sendCommand(['INFO', 'all']));
    expect(info).toContain('cmdstat_hello:calls=1');
    expect(info).not.toMatch(/^total_error_replies:[1-9]|setinfo/im);
  });

  test('logs in as a user', async () => {
    const target = await connectTarget(urlOf(redis.port, `reader:${PASSWORD}@`), { name: 'test' });
    expect(await target.client.sendCommand(['ACL', 'WHOAMI']).catch(String)).toMatch(/NOPERM/);
    expect(await target.client.sendCommand(['GET', 'x'])).toBeNull();
    closeTarget(target);
  });

  test('logs in as a user without a password, and as nobody else', async () => {
    for (const login of ['open@', 'open:@']) {
      const target = await connectTarget(urlOf(redis.port, login), { name: 'test' });
      expect(await target.client.sendCommand(['ACL', 'WHOAMI'])).toBe('open');
      closeTarget(target);
    }
  });
});

describe('connecting is refused', () => {
  test('by a closed port', async () => {
    const port = await closedPort();
    expect(await refusalOf(urlOf(port))).toMatchObject({
      code: 'UNREACHABLE',
      message: `cannot reach Redis at redis://127.0.0.1:${port}/0`,
      why: 'nothing listens there (connection refused)',
    });
  });

  test('by a host that nobody knows', async () => {
    const failure = await refusalOf(`redis://:${PASSWORD}@no-such-host.invalid:6379/0`);
    expect(failure).toMatchObject({ code: 'UNREACHABLE', why: 'the host name is not known' });
  });

  test('for a wrong password', async () => {
    const wrong = `${PASSWORD}-wrong`;
    expect(await refusalOf(urlOf(redis.port, `:${wrong}@`))).toMatchObject({ code: 'AUTH' });
    expect(await refusalOf(urlOf(redis.port, `nobody:${wrong}@`))).toMatchObject({ code: 'AUTH' });
  });

  test('for a missing password', async () => {
    const failure = await refusalOf(urlOf(redis.port, ''));
    expect(failure).toMatchObject({ code: 'AUTH', why: 'the server wants a password' });
    expect(await refusalOf(urlOf(redis.port, 'reader@'))).toMatchObject({ code: 'AUTH' });
  });

  test('to a user who may not choose the database', async () => {
    const failure = await refusalOf(urlOf(redis.port, `caged:${PASSWORD}@`).replace(/0$/, '1'));
    expect(failure).toMatchObject({
      code: 'NO_PERMISSION',
      why: 'this user has no permission to run select (it is needed to choose the database)',
    });
  });

  test('for a number that is no database there', async () => {
    const failure = await refusalOf(redis.url.replace(/0$/, '99'));
    expect(failure).toMatchObject({ code: 'USAGE', why: 'the server has no database of that number' });
  });

  test('by a server that accepts and never answers', async () => {
    const failure = await refusalOf(urlOf(await serverThat(() => {})));
    expect(failure).toMatchObject({ code: 'TIMEOUT', why: 'the server does not answer' });
  });

  test('by a server that hangs up', async () => {
    const failure = await refusalOf(urlOf(await serverThat((socket) => socket.destroy())));
    expect(failure).toMatchObject({ code: 'UNREACHABLE', why: expect.stringContaining('without a word') });
  });

  test.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
    ['a mail server', '220 mail.example ESMTP\r\n'],
  ])('at once by %s: it is no Redis', async (_, greeting) => {
    const port = await serverThat((socket) => socket.once('data', () => socket.write(greeting)));
    // Waiting in vain for an answer of Redis would be a TIMEOUT.
    expect(await refusalOf(urlOf(port))).toMatchObject({
      code: 'UNREACHABLE',
      why: 'what answers there is no Redis',
    });
  });

  test('by a server that answers rediss:// without TLS', async () => {
    const port = await serverThat((socket) =>
      socket.once('data', () => socket.end('-ERR unknown command\r\n')),
    );
    const failure = await refusalOf(`rediss://:${PASSWORD}@127.0.0.1:${port}/0`);
    expect(failure).toMatchObject({
      code: 'TLS',
      hint: expect.stringContaining('rediss:// against redis://'),
    });
  });

  test('as soon as the run is stopped', async () => {
    const stop = new AbortController();
    const port = await serverThat(() => stop.abort(new Error('stopped by the test')));
    const connecting = connectTarget(urlOf(port), { name: 'test', signal: stop.signal });
    await expect(connecting).rejects.toMatchObject({ cause: { message: 'stopped by the test' } });
  });
});

test('a target whose server is gone fails, and does not connect again', async () => {
  const server = await startRedis();
  const target = await connectTarget(server.url, { name: 'test' });
  const waiting = target.client.sendCommand(['BLPOP', 'none', '0']);
  waiting.catch(() => {});
  await server.kill();
  await expect(waiting).rejects.toThrow();
  await expect(target.client.sendCommand(['PING'])).rejects.toThrow();
  closeTarget(target);
});
