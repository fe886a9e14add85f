import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { connectClient, findRedisBinary, startRedis } from '../src/index.js';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('an embedded Redis', () => {
  test('runs on 127.0.0.1 only, without persistence, and ends with its clients', async () => {
    const redis = await startRedis();
    const client = await redis.client();
    expect(redis.url).toBe(`redis://127.0.0.1:${redis.port}/0`);
    expect(await client.configGet('bind')).toMatchObject({ bind: '127.0.0.1' });
    expect(await client.configGet(['save', 'appendonly'])).toMatchObject({ save: '', appendonly: 'no' });
    await redis.stop();
    await redis.stop();
    expect([client.isOpen, isAlive(redis.pid)]).toEqual([false, false]);
  });

  test('starts empty, whatever dump of another Redis lies in its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atf-dump-'));
    const other = await startRedis({ args: ['--dir', folder, '--dbfilename', 'dump.rdb'] });
    const client = await other.client();
    await client.set('left', 'behind');
    await client.sendCommand(['SAVE']);
    await other.stop();
    const redis = await startRedis({ args: ['--dir', folder] });
    expect(await (await redis.client()).dbSize()).toBe(0);
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  test('starts many at a time, each on its own port', async () => {
    const servers = await Promise.all(Array.from({ length: 8 }, () => startRedis()));
    expect(new Set(servers.map(({ port }) => port)).size).toBe(8);
    await Promise.all(servers.map((server) => server.stop()));
  });

  test('asks for the password that it was given', async () => {
    const redis = await startRedis({ password: 'tide & wave' });
    expect(await (await redis.client()).ping()).toBe('PONG');
    await expect(connectClient(`redis://127.0.0.1:${redis.port}`).then((c) => c.ping())).rejects.toThrow(
      'NOAUTH',
    );
    await redis.stop();
  });

  test('refuses a port that is taken', async () => {
    const redis = await startRedis();
    await expect(startRedis({ port: redis.port })).rejects.toThrow(`port ${redis.port} is in use`);
    await redis.stop();
  });

  test('dies at once when it is killed', async () => {
    const redis = await startRedis();
    const client = await redis.client();
    await redis.kill();
    expect(isAlive(redis.pid)).toBe(false);
    await expect(client.ping()).rejects.toThrow();
  });
});

describe('the server binary', () => {
  test('is the one named by the environment, else the one on the PATH, else none', () => {
    expect(findRedisBinary({ REDISMS_SYSTEM_BINARY: '/opt/redis', PATH: '/nowhere' })).toBe('/opt/redis');
    expect(findRedisBinary({ PATH: '/nowhere' })).toBeUndefined();
  });
});
