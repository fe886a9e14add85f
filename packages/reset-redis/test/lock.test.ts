import { readFile } from 'node:fs/promises';
import { type Deps, depsOf, type ProgressUpdate, type Redis, targetOf } from '@atf/core';
import {
  freeAtSecondTry,
  holdLock,
  isLockHeld,
  LOCK_HOLDER,
  MAINTENANCE_LOCK,
  runBin,
  runBinUntil,
  startProxy,
  type Treatment,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { resetRedis } from '../src/index.js';
import { FOREIGN, useSystem } from './use-system.js';

const system = useSystem();
const deps = (some: Partial<Deps> = {}) => ({
  ...depsOf(targetOf(system.client as unknown as Redis)),
  ...some,
});
beforeEach(() => system.stopWorkers());

const WAYS = [
  ['own keys', []],
  ['a flush', ['--scope', 'db']],
  ['what is saved', ['--scope', 'db', '--backup']],
] as const;
const withFile = (name: string, flags: readonly string[]) =>
  flags.includes('--backup') ? [...flags, `${system.folder}/${name}.ndjson`] : flags;

describe.each(WAYS)('deleting %s', (_, flags) => {
  test('is refused while another tool is at work: exit 3, and it is said who that is', async () => {
    await holdLock(system.client);
    const before = await system.digest();
    const { code, stderr } = await system.run(['--confirm', ...withFile('refused', flags)]);
    expect([code, stderr]).toEqual([3, expect.stringContaining(LOCK_HOLDER)]);
    expect(await system.digest()).toBe(before);
  });

  test('waits with --wait, and then leaves no lock', async () => {
    await holdLock(system.client);
    const moment = freeAtSecondTry(system.client, system.redis.url);
    const args = ['--confirm', '--wait', '1h', ...withFile('waited', flags)];
    const waited = await runBinUntil('reset-redis', moment, { args });
    expect(waited).toMatchObject({ code: 0, stderr: '' });
    expect(await system.client.dbSize()).toBe(flags.some((flag) => flag === 'db') ? 0 : FOREIGN);
  });
});

describe('the lock', () => {
  test('is nobody’s data: an inspection does not count it', async () => {
    const look = async () => {
      const { result } = await resetRedis(deps(), { dryRun: true, scope: 'db' });
      return [result.keys, result.selected, result.inspection?.unrelated.keys];
    };
    const before = await look();
    await holdLock(system.client);
    expect(await look()).toEqual(before);
  });

  test('is in no backup', async () => {
    const backup = `${system.folder}/all.ndjson`;
    await resetRedis(deps(), { dryRun: false, confirm: true, scope: 'db', backup });
    const keys = (await readFile(backup, 'utf8')).split('\n').filter((line) => line.includes('"key"'));
    expect(keys.length).toBeGreaterThan(300);
    expect(keys.join()).not.toContain(Buffer.from('atf:maintenance-lock').toString('base64'));
  });

  test('is not counted among what a flush deletes, nor found there by the look behind it', async () => {
    const { outcome, result } = await resetRedis(deps(), {
      dryRun: false,
      confirm: true,
      scope: 'db',
    });
    expect(outcome).toBe('repaired');
    expect(result.deletion).toMatchObject({ deleted: result.keys, left: 0 });
  });

  test('that is lost ends it before the next deletion', async () => {
    await system.client.mSet(
      Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`celery-task-meta-${i}`, 'x'])),
    );
    const progress = ({ step }: ProgressUpdate) => {
      if (step === 'delete') void holdLock(system.client);
    };
    const failure = await resetRedis(deps({ progress }), { dryRun: false, confirm: true }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({
      code: 'LOCKED',
      done: { action: 'deleted', counts: { keys: expect.any(Number) }, unconfirmed: 0 },
    });
    expect(await isLockHeld(system.client)).toBe(true);
    expect(await system.client.dbSize()).toBeGreaterThan(1_000);
  });

  test('that is lost before a flush keeps it from deleting anything', async () => {
    let isLost = false;
    const proxy = await startProxy(system.redis.url, {
      async treat(): Promise<Treatment> {
        if (!isLost && (await system.client.exists(MAINTENANCE_LOCK))) {
          isLost = true;
          await holdLock(system.client);
        }
        return 'pass';
      },
    });
    const args = ['--confirm', '--scope', 'db', '--redis-url', proxy.url];
    const { code, stdout, stderr } = await runBin('reset-redis', args);
    await proxy.stop();
    expect([isLost, code, stdout]).toEqual([true, 3, '']);
    expect(stderr).toContain(LOCK_HOLDER);
    expect(stderr).toContain('Nothing was changed.');
    expect(await isLockHeld(system.client)).toBe(true);
    await system.client.del(MAINTENANCE_LOCK);
    expect(await system.digest()).toBe(system.digestWith);
  });
});
