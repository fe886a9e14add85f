import { type FailoverPair, startFailoverPair } from '@atf/sandbox';
import { useServers } from '@atf/sandbox/jest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeTarget } from '../src/redis/target.js';
import { useTargets } from './use-targets.js';

const { closedPort } = useServers();
const { connect, closeAll, refusalOf } = useTargets();

test('Sentinels have a login of their own', async () => {
  const pair = await startFailoverPair({ sentinelPassword: 'watch' });
  try {
    await connect(pair.url, { sentinelLogin: { password: 'watch' } });
    expect(await refusalOf(connect(pair.url))).toEqual({
      code: 'AUTH',
      message: `the Sentinels lead to no primary: ${pair.url}`,
      why: `127.0.0.1:${pair.sentinelPort}: the server wants a password`,
      hint: 'Set REDIS_SENTINEL_PASSWORD, and REDIS_SENTINEL_USERNAME if the Sentinels have users.',
    });
  } finally {
    closeAll();
    await pair.stop();
  }
});

describe('Sentinels', () => {
  let pair: FailoverPair;
  beforeAll(async () => {
    pair = await startFailoverPair();
  });
  afterAll(() => pair.stop());

  const at = (path: string) => `redis+sentinel://127.0.0.1:${pair.sentinelPort}/${path}`;

  test('name the primary', async () => {
    const { description } = await connect(at('mymaster/0'));
    expect(description).toMatchObject({ host: '127.0.0.1', port: pair.first.port });
    expect(describeTarget(description)).toBe(at('mymaster/0'));
  });

  test("are asked in turn, and need no name if they watch one primary, as in Celery's form", async () => {
    const url = `sentinel://127.0.0.1:${await closedPort()}/1;sentinel://127.0.0.1:${pair.sentinelPort}/1`;
    const { description, client } = await connect(url);
    expect(description).toMatchObject({ port: pair.first.port, sentinel: { master: 'mymaster' } });
    expect(await client.sendCommand(['CLIENT', 'LIST'])).toMatch(/name=test .* db=1 /);
  });

  test('that do not know the name say so', async () => {
    expect(await refusalOf(connect(at('other/0')))).toEqual({
      code: 'UNREACHABLE',
      message: `the Sentinels lead to no primary: ${at('other/0')}`,
      why: `127.0.0.1:${pair.sentinelPort}: it knows no primary of the name other`,
      hint: 'Check the name of the primary: redis+sentinel://host:26379/NAME/0.',
    });
  });

  test.each([0, 1])('that are named as a server are recognised, with database %p', async (database) => {
    const url = `redis://127.0.0.1:${pair.sentinelPort}/${database}`;
    expect(await refusalOf(connect(url))).toMatchObject({
      code: 'SERVER',
      message: `cannot use Redis at ${url}`,
      why: 'this is a Sentinel: it knows where the data is, but holds none',
    });
  });

  test('whose primary refuses the login name it', async () => {
    const url = `redis+sentinel://:wrong@127.0.0.1:${pair.sentinelPort}/mymaster/0`;
    await pair.client.sendCommand(['CONFIG', 'SET', 'requirepass', 'right']);
    const refusal = await refusalOf(connect(url));
    await pair.client.sendCommand(['CONFIG', 'SET', 'requirepass', '']);
    expect(refusal).toMatchObject({
      code: 'AUTH',
      why: `127.0.0.1:${pair.sentinelPort} names 127.0.0.1:${pair.first.port}: the user or the password is wrong`,
    });
  });

  test('that are no Sentinels are an error', async () => {
    const url = `redis+sentinel://127.0.0.1:${pair.first.port}/mymaster/0`;
    expect(await refusalOf(connect(url))).toMatchObject({
      code: 'SERVER',
      message: `the Sentinels lead to no primary: ${url}`,
      why: `127.0.0.1:${pair.first.port}: this is no Sentinel`,
      hint: 'Check the port of the Sentinels, or name the primary itself: redis://host:6379/0.',
    });
  });
});
