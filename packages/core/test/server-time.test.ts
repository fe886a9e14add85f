import { loadReadingScript, type Redis, runScript } from '@atf/core';
import { useRedis } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { ServerTimer } from '../src/redis/server-time.js';

const redis = useRedis();
const SCAN_KEYS = loadReadingScript(import.meta.url, './fixtures/scan-keys.lua');
const BUSY = loadReadingScript(import.meta.url, './fixtures/be-busy.lua');
const client = () => redis.client as unknown as Redis;

describe('the server time of a call', () => {
  test('is how long the server worked on its scripts, and the reply is that of the script', async () => {
    const timer = new ServerTimer();
    expect(await runScript(client(), BUSY, { args: ['20000'], timer })).toEqual(Buffer.from('done'));
    const first = timer.ms;
    expect(first).toBeGreaterThan(0);
    expect(await runScript(client(), BUSY, { args: ['30000'], timer })).toEqual(Buffer.from('done'));
    expect(timer.ms).toBeGreaterThan(first!);
  });

  test('leaves replies of any kind as they are', async () => {
    const plain = await runScript(client(), SCAN_KEYS, { args: ['0', '10'] });
    const timer = new ServerTimer();
    expect(await runScript(client(), SCAN_KEYS, { args: ['0', '10'], timer })).toEqual(plain);
    expect(await runScript(client(), BUSY, { args: ['0', 'nothing'], timer })).toBeNull();
  });

  test('leaves errors as they are', async () => {
    const failing = runScript(client(), BUSY, { args: ['0', 'error'], timer: new ServerTimer() });
    await expect(failing).rejects.toThrow('MYERROR of the script');
  });

  test('is unknown without a script', () => {
    expect(new ServerTimer().ms).toBeUndefined();
  });
});
