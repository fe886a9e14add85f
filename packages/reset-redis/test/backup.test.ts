import { spawnSync } from 'node:child_process';
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type BackupRecord, depsOf, type ProgressUpdate, type Redis, readBackup, targetOf } from '@atf/core';
import { commandOfBin } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { resetRedis } from '../src/index.js';
import { useSystem } from './use-system.js';

const system = useSystem();
let path: string;
let files = 0;

beforeEach(async () => {
  path = `${system.folder}/${files++}.ndjson`;
  await system.stopWorkers();
});

const bytesOf = (base64: string) => Buffer.from(base64, 'base64');

/** Puts back a whole key, or a queue by its entries. */
async function putBack(record: BackupRecord): Promise<void> {
  const { client } = system;
  if (record.type === 'task') throw new Error(record.type);
  const key = bytesOf(record.key);
  if (record.type === 'key') {
    await client.sendCommand(['RESTORE', key, String(record.expiresAt ?? 0), bytesOf(record.dump), 'ABSTTL']);
    return;
  }
  for (const { element, at } of record.entries) {
    if (record.kind === 'list') await client.sendCommand(['RPUSH', key, bytesOf(element)]);
    else if (record.kind === 'zset') await client.sendCommand(['ZADD', key, at, bytesOf(element)]);
    else await client.sendCommand(['HSET', key, bytesOf(element), bytesOf(at)]);
  }
}

/** Puts a backup back by plain commands; returns how many keys it has. */
async function restore(): Promise<number> {
  const { records } = await readBackup(path);
  for (let count = 0; ; count++) {
    const { value, done } = await records.next();
    if (done) {
      expect(value).toEqual({ complete: true });
      return count;
    }
    await putBack(value);
  }
}

describe('a backup', () => {
  test.each([['app'], ['db']])(
    'of scope %s holds all that goes: put back, the database is as it was',
    async (scope) => {
      const keys = await system.client.dbSize();
      const { code, stdout } = await system.run(['--confirm', '--scope', scope, '--backup', path]);
      expect(code).toBe(0);
      const left = await system.client.dbSize();
      expect(stdout).toContain(`Backup: ${path}, ${keys - left} keys\n`);
      expect(stdout.includes('Deleted key by key instead of FLUSHDB')).toBe(scope === 'db');
      if (scope === 'app') expect(await system.digest()).toBe(system.digestWithout);
      else expect(left).toBe(0);
      expect(await restore()).toBe(keys - left);
      expect(await system.digest()).toBe(system.digestWith);
    },
  );

  test.each([
    ['file', () => writeFileSync(path, 'mine')],
    ['full device', () => symlinkSync('/dev/full', path)],
  ])('never takes the place of an existing %s: exit 2, nothing deleted', async (_, make) => {
    make();
    const { code, stderr } = await system.run(['--confirm', '--backup', path]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('exists')]);
    expect(await system.digest()).toBe(system.digestWith);
  });

  test('that the disk has no room for stops before anything is deleted', async () => {
    const command = [...commandOfBin('reset-redis'), '--redis-url', system.redis.url];
    const limited = ['-c', 'ulimit -f 64; exec "$@"', 'bash', ...command, '--confirm', '--backup', path];
    const { status, stderr } = spawnSync('bash', limited, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('the backup cannot be written')]);
    expect(stderr).toContain('Nothing was changed.');
    expect(await system.digest()).toBe(system.digestWith);
  });
});

test('a disk that is full at the very end of the backup stops it before anything is deleted', async () => {
  await system.run(['--confirm', '--backup', `${path}.whole`]);
  const command = [...commandOfBin('reset-redis'), '--redis-url', system.redis.url];
  const { size } = statSync(`${path}.whole`);
  const { records } = await readBackup(`${path}.whole`);
  for await (const record of records) await putBack(record);
  const args = [`--fsize=${size - 5}`, ...command, '--confirm', '--backup', path];
  const { status, stderr } = spawnSync('prlimit', args, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringContaining('the backup cannot be written')]);
  expect(stderr).toContain('Nothing was changed.');
  expect(await system.digest()).toBe(system.digestWith);
});

test('what changes after it was saved is left alone and facts, and what comes is not deleted unsaved', async () => {
  const { client } = system;
  const changed = `task:${system.manifest.ids.completed[0]}`;
  const gone = `task:${system.manifest.ids.completed[1]}`;
  let once = true;
  const progress = ({ step }: ProgressUpdate) => {
    if (step !== 'delete' && once) {
      once = false;
      // On the connection of the tool itself: it is done before the tool's next command.
      void client.hSet(changed, 'updated_at', 'now');
      void client.del(gone);
      void client.hSet('task:new', 'state', 'PENDING');
    }
  };
  const keys = await client.dbSize();
  const deps = { ...depsOf(targetOf(client as unknown as Redis)), progress };
  const { outcome, result } = await resetRedis(deps, {
    dryRun: false,
    confirm: true,
    scope: 'db',
    backup: path,
  });
  expect(outcome).toBe('partial');
  expect(result.deletion).toMatchObject({ how: 'saved-keys', deleted: keys - 2, changed: 1, left: 2 });
  expect((await client.keys('*')).sort()).toEqual([changed, 'task:new'].sort());
  expect(await client.hGet(changed, 'updated_at')).toBe('now');
});
