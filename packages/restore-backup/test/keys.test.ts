import { closeTarget, connectTarget } from '@atf/core';
import { allowUser } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { dumpOfVersion } from '../src/loadable-dumps.js';
import { keyRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const ANY_BYTES = Buffer.from([0, 0xff, 0xc3, 0x28, 0x0d, 0x0a]);
const KEYS = [
  'string',
  'number',
  'list',
  'set',
  'ints',
  'hash',
  'wide',
  'zset',
  'stream',
  'fleeting',
  ANY_BYTES,
];

beforeEach(async () => {
  const { client } = emptied;
  await client.mSet({ string: 'a'.repeat(100_000), number: '-12345' });
  await client.rPush('list', ['a', 'b', 'b', 'x'.repeat(10_000)]);
  await client.sAdd('set', ['a', 'b', '']);
  await client.sAdd('ints', ['1', '-70000', '9007199254740993']);
  await client.hSet('hash', { a: '1', b: '' });
  await client.hSet('wide', Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`f${i}`, `v${i}`])));
  await client.zAdd('zset', [
    { value: 'a', score: 0.1 },
    { value: 'b', score: Number.POSITIVE_INFINITY },
  ]);
  await client.xAdd('stream', '1-1', { a: 'b' });
  await client.set('fleeting', 'x', { expiration: { type: 'EX', value: 1_000 } });
  await client.sendCommand(['SET', ANY_BYTES, ANY_BYTES]);
  await client.set('bystander', 'x');
});

/** Takes the keys into a backup, and deletes them. */
async function backUpAndDelete(): Promise<string> {
  const file = await emptied.backup(await keyRecords(emptied.target, KEYS));
  await emptied.client.sendCommand(['DEL', ...KEYS]);
  return file;
}

describe('keys that were deleted', () => {
  test('come back byte for byte, of whatever type and name, with their expiry', async () => {
    const before = await emptied.digest();
    const expiry = await emptied.client.pExpireTime('fleeting');
    const file = await backUpAndDelete();
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.outcomes.keys.restored]).toEqual(['repaired', KEYS.length]);
    expect(await emptied.digest()).toBe(before);
    expect(Math.abs((await emptied.client.pExpireTime('fleeting')) - expiry)).toBeLessThan(5);
  });

  test('are all there at a second run, though a table of fields has another order then', async () => {
    const file = await backUpAndDelete();
    await emptied.restore(file);
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.outcomes.keys.there]).toEqual(['clean', KEYS.length]);
  });

  test('stay away where they had expired by now', async () => {
    const [record] = await keyRecords(emptied.target, ['fleeting']);
    await emptied.client.del('fleeting');
    const file = await emptied.backup([{ ...record!, expiresAt: Date.now() - 1_000 }]);
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.outcomes.keys.expired]).toEqual(['clean', 1]);
    expect(await emptied.client.exists('fleeting')).toBe(0);
  });
});

describe('a key that exists now', () => {
  test('is never overwritten', async () => {
    const file = await backUpAndDelete();
    await emptied.client.set('list', 'new');
    await emptied.client.hSet('wide', 'f', 'new');
    const { outcome, result } = await emptied.restore(file);
    expect(outcome).toBe('partial');
    expect(result.outcomes.keys).toMatchObject({ restored: KEYS.length - 2, left: 2 });
    expect(result.problems.map(({ key }) => key)).toEqual(['list', 'wide']);
    expect(await emptied.client.get('list')).toBe('new');
    expect(await emptied.client.hGetAll('wide')).toEqual({ f: 'new' });
  });

  test('is replaced with --replace, after a question', async () => {
    const before = await emptied.digest();
    const file = await backUpAndDelete();
    await emptied.client.set('list', 'new');
    const asked: string[] = [];
    const confirm = async (lines: readonly string[]) => void asked.push(...lines);
    const { outcome, result } = await emptied.restore(file, { replace: true, deps: { confirm } });
    expect([outcome, await emptied.digest()]).toEqual(['repaired', before]);
    expect(result.outcomes.keys).toMatchObject({ restored: KEYS.length - 1, replaced: 1 });
    expect(asked.join('\n')).toContain(`127.0.0.1:${emptied.redis.port}/0 holds 2 keys.`);
  });

  test('loses an expiry that the backup does not have when it is replaced', async () => {
    const file = await backUpAndDelete();
    await emptied.client.set('list', 'new', { expiration: { type: 'EX', value: 1_000 } });
    await emptied.restore(file, { replace: true });
    expect(await emptied.client.ttl('list')).toBe(-1);
  });

  test('stays where the question is not answered by yes', async () => {
    const file = await backUpAndDelete();
    const before = await emptied.digest();
    const confirm = () => Promise.reject(new Error('no'));
    await expect(emptied.restore(file, { replace: true, deps: { confirm } })).rejects.toThrow();
    expect(await emptied.digest()).toBe(before);
  });
});

describe('a dump that the server cannot load', () => {
  /** A backup of two keys; the first one is of a server to come. */
  async function withNewerDump(): Promise<string> {
    const [first, second] = await keyRecords(emptied.target, ['string', 'set']);
    const dump = Buffer.from(first!.dump, 'base64');
    dump.writeUInt16LE(999, dump.length - 10);
    await emptied.client.del(['string', 'set']);
    return await emptied.backup([{ ...first!, dump: dump.toString('base64') }, second!]);
  }
  const REFUSED = { code: 'refused', key: 'string', detail: expect.stringContaining('DUMP payload version') };

  test('is reported, also by a dry run, and the others come back', async () => {
    const file = await withNewerDump();
    const before = await emptied.digest();
    const look = await emptied.restore(file, { dryRun: true });
    expect([look.outcome, await emptied.digest()]).toEqual(['found', before]);
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, look.result]).toEqual(['partial', result]);
    expect(result.outcomes.keys).toMatchObject({ restored: 1, refused: 1 });
    expect([result.dumpsChecked, result.problems]).toEqual([true, [REFUSED]]);
  });

  test('is unknown to a dry run of a user who may not RESTORE, and that is said', async () => {
    const file = await withNewerDump();
    const url = await allowUser(emptied, 'reader', ['%R~*', '+@all', '-restore']);
    const target = await connectTarget(url, { name: 'reader' });
    const { result } = await emptied.restore(file, { dryRun: true, deps: { target } });
    closeTarget(target);
    expect([result.dumpsChecked, result.outcomes.keys.restored]).toEqual([false, 2]);
  });

  test('is told from others by the version that this server writes itself', async () => {
    const [{ dump } = { dump: '' }] = await keyRecords(emptied.target, ['string']);
    const own = Buffer.from(dump, 'base64').readUInt16LE(Buffer.from(dump, 'base64').length - 10);
    const restore = (version: number) =>
      emptied.client.sendCommand(['RESTORE', 'probe', '1', dumpOfVersion(version), 'ABSTTL']);
    expect(await restore(own)).toBe('OK');
    await expect(restore(own + 1)).rejects.toThrow('DUMP payload version');
    expect(await emptied.client.exists('probe')).toBe(0);
  });
});

describe('counters that were saved as keys', () => {
  const COUNTER = 'metrics:tasks:state:failed';
  const backupOf = async () => {
    await emptied.client.set(COUNTER, '1');
    await emptied.client.hSet('task:one', 'state', 'FAILED');
    const records = await keyRecords(emptied.target, [COUNTER, 'task:one']);
    await emptied.client.del([COUNTER, 'task:one']);
    return records;
  };

  test('are named if a task that they count has expired', async () => {
    const [counter, task] = await backupOf();
    const file = await emptied.backup([counter!, { ...task!, expiresAt: Date.now() - 1_000 }]);
    const { outcome, result } = await emptied.restore(file);
    expect([outcome, result.problems]).toEqual([
      'partial',
      [{ code: 'counter-unsure', key: COUNTER, detail: null }],
    ]);
  });

  test('are right if all tasks come back', async () => {
    expect((await emptied.restore(await emptied.backup(await backupOf()))).outcome).toBe('repaired');
  });
});
