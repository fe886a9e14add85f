import {
  freeAtSecondTry,
  holdLock,
  isLockHeld,
  LOCK_HOLDER,
  loadRecording,
  RECORDING,
  runBin,
  runBinUntil,
} from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { backUpAndDelete, keyRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const run = (...args: string[]) => runBin('restore-backup', ['--redis-url', emptied.redis.url, ...args]);

test('while another tool is at work nothing is restored: exit 3, and it is said who that is', async () => {
  await loadRecording(emptied.client);
  const whole = await emptied.digest();
  const file = await backUpAndDelete(emptied, RECORDING.queuedPending);
  await holdLock(emptied.client);
  const before = await emptied.digest();
  const { code, stderr } = await run(file);
  expect([code, stderr]).toEqual([3, expect.stringContaining(LOCK_HOLDER)]);
  expect(await run(file, '--check')).toMatchObject({ code: 1, stderr: '' });
  expect(await emptied.digest()).toBe(before);

  const moment = freeAtSecondTry(emptied.client, emptied.redis.url);
  const waited = await runBinUntil('restore-backup', moment, { args: [file, '--wait', '1h'] });
  expect(waited).toMatchObject({ code: 0, stderr: '' });
  expect(await emptied.digest()).toBe(whole);
});

test('a lock that is lost on the way ends it: the rest is for the next run', async () => {
  const keys = Array.from({ length: 2_000 }, (_, i) => `key:${i}`);
  await emptied.client.mSet(Object.fromEntries(keys.map((key) => [key, key])));
  const whole = await emptied.digest();
  const file = await emptied.backup(await keyRecords(emptied.target, keys));
  await emptied.client.flushDb();
  const progress = ({ done }: { done: number }) => {
    if (done === 100) void holdLock(emptied.client);
  };
  const failure = await emptied.restore(file, { deps: { progress } }).catch((error) => error);
  expect(failure).toMatchObject({
    code: 'LOCKED',
    done: { action: 'restored', counts: { keys: expect.any(Number) } },
  });
  expect(await isLockHeld(emptied.client)).toBe(true);
  expect(await emptied.client.exists(keys)).toBeLessThan(2_000);

  await emptied.client.del('atf:maintenance-lock');
  await emptied.restore(file);
  expect(await emptied.digest()).toBe(whole);
});

test('a lock in a backup is not put back', async () => {
  await emptied.client.set('key', 'value');
  await holdLock(emptied.client);
  const file = await emptied.backup(await keyRecords(emptied.target, ['key', 'atf:maintenance-lock']));
  await emptied.client.flushDb();
  expect((await emptied.restore(file)).outcome).toBe('repaired');
  expect(await emptied.client.keys('*')).toEqual(['key']);
});
