import { loadReadingScript, type Redis, runScript } from '@atf/core';
import { useRedis } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { measureServerTime } from '../src/redis/server-time.js';

const redis = useRedis();
const SCAN_KEYS = loadReadingScript(import.meta.url, './fixtures/scan-keys.lua');
const BUSY = loadReadingScript(import.meta.url, './fixtures/be-busy.lua');
const client = () => redis.client as unknown as Redis;

describe('the server time of a call', () => {
  test('is how long the server worked on its scripts, and the reply is that of the script', async () => {
    const { reply, ms } = await measureServerTime(async () => [
      await runScript(client(), BUSY, { args: ['20000'] }),
      await runScript(client(), BUSY, { args: ['30000'] }),
    ]);
    expect(reply).toEqual([Buffer.from('done'), Buffer.from('done')]);
    expect(ms).toBeGreaterThan(0);
  });

  test('leaves replies of any kind as they are', async () => {
    const plain = await runScript(client(), SCAN_KEYS, { args: ['0', '10'] });
    const timed = await measureServerTime(() => runScript(client(), SCAN_KEYS, { args: ['0', '10'] }));
    expect(timed.reply).toEqual(plain);
    expect(
      (await measureServerTime(() => runScript(client(), BUSY, { args: ['0', 'nothing'] }))).reply,
    ).toBeNull();
  });

  test('leaves errors as they are', async () => {
    const failing = measureServerTime(() => runScript(client(), BUSY, { args: ['0', 'error'] }));
    await expect(failing).rejects.toThrow('MYERROR of the script');
  });

  test('is unknown for a call without a script', async () => {
    expect(await measureServerTime(async () => 7)).toEqual({ reply: 7, ms: undefined });
  });
});
