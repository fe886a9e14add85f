import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readBackup } from '@atf/core';
import { celeryMetaKey, commandOfBin, runBinUntil, type StartedBin } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { useResults } from './use-results.js';

const results = useResults();
let path: string;
let files = 0;

beforeEach(() => {
  path = `${results.folder}/${files++}.ndjson`;
});

/** The keys in a backup, and the value of each as Redis restores it. */
async function keysIn(file: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const record of (await readBackup(file)).records) {
    if (record.type === 'key') keys.push(Buffer.from(record.key, 'base64').toString());
  }
  return keys.sort();
}

describe('a backup', () => {
  test('holds all that went: put back, the database is as it was', async () => {
    await results.add(600);
    await results.add(20, { ttl: 3_600 });
    const before = await results.digest();
    const { code, stdout } = await results.run(['--yes', '--backup', path]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`   Backup: ${path}, 620 keys\n`)]);
    expect(await results.digest()).toBe(results.digestWithout);
    for await (const record of (await readBackup(path)).records) {
      if (record.type !== 'key') throw new Error(record.type);
      const [key, dump] = [Buffer.from(record.key, 'base64'), Buffer.from(record.dump, 'base64')];
      await results.client.sendCommand(['RESTORE', key, String(record.expiresAt ?? 0), dump, 'ABSTTL']);
    }
    expect(await results.digest()).toBe(before);
  });

  test('holds what is too large to be judged too, and that goes', async () => {
    await results.client.set(celeryMetaKey('large'), Buffer.alloc(8_000_001, 'x'));
    const { code, stdout } = await results.run(['--yes', '--backup', path]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('✅ Deleted 1 ')]);
    expect(await keysIn(path)).toEqual([celeryMetaKey('large')]);
    expect(await results.digest()).toBe(results.digestWithout);
  });

  test('of --older-than holds only what went', async () => {
    await results.add(5);
    const old = await results.add(7, { ageMs: 7_200_000 });
    await results.run(['--yes', '--backup', path, '--older-than', '1h']);
    expect(await keysIn(path)).toEqual(old.sort());
    expect(await results.left()).toHaveLength(5);
  });

  test.each([
    ['file', () => writeFileSync(path, 'mine')],
    ['full device', () => symlinkSync('/dev/full', path)],
  ])('never takes the place of an existing %s: exit 2 before the question', async (_, make) => {
    make();
    await results.add(5);
    const { code, stderr } = await results.run(['--backup', path], { stdin: 'yes\n' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('exists')]);
    expect(stderr).not.toContain('Type yes');
    expect(await results.left()).toHaveLength(5);
  });

  test('of which no file is made where the answer is no', async () => {
    await results.add(5);
    expect((await results.run(['--backup', path], { stdin: 'no\n' })).code).toBe(3);
    expect(existsSync(path)).toBe(false);
  });

  test('that the disk has no room for stops before anything is deleted', async () => {
    await results.add(400);
    const before = await results.digest();
    const command = [...commandOfBin('cleanup-celery-meta'), '--redis-url', results.redis.url];
    const limited = ['-c', 'ulimit -f 16; exec "$@"', 'bash', ...command, '--yes', '--backup', path];
    const { status, stderr } = spawnSync('bash', limited, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('the backup cannot be written')]);
    expect(stderr).toContain('Nothing was changed.');
    expect(existsSync(path)).toBe(false);
    expect(await results.digest()).toBe(before);
  });
});

describe('a disk that gets full', () => {
  const KEYS = Array.from({ length: 1_200 }, (_, i) => `celery-task-meta-${10_000 + i}`);
  const fill = () => results.client.mSet(Object.fromEntries(KEYS.map((key) => [key, key])));

  /** Runs with a backup of so many bytes at the most. */
  function limited(bytes: number, file: string) {
    const command = [...commandOfBin('cleanup-celery-meta'), '--redis-url', results.redis.url];
    const args = [`--fsize=${bytes}`, ...command, '--yes', '--backup', file];
    return spawnSync('prlimit', args, { encoding: 'utf8' });
  }

  async function sizeOfWholeBackup(): Promise<number> {
    await fill();
    await results.run(['--yes', '--backup', `${path}.whole`]);
    return statSync(`${path}.whole`).size;
  }

  test('at the very end hides not what was deleted', async () => {
    const size = await sizeOfWholeBackup();
    await fill();
    const { status, stderr } = limited(size - 5, path);
    expect([status, stderr]).toEqual([1, expect.stringContaining('the backup cannot be written')]);
    expect(stderr).toContain(`${KEYS.length} Celery results were deleted`);
    expect(await keysIn(path)).toEqual(KEYS);
    expect(await results.left()).toEqual([]);
  });

  test('on the way hides not what was deleted by then, and all of it is saved', async () => {
    const size = await sizeOfWholeBackup();
    await fill();
    const { status, stderr } = limited(Math.floor(size * 0.7), path);
    expect([status, stderr]).toEqual([1, expect.stringContaining('the backup cannot be written')]);
    const left = await results.left();
    expect(left.length).toBeGreaterThan(0);
    expect(stderr).toContain(`${KEYS.length - left.length} Celery results were deleted`);
    const saved = new Set(await keysIn(path));
    expect(KEYS.filter((key) => !saved.has(key) && !left.includes(key))).toEqual([]);
    expect(readFileSync(path, 'utf8')).not.toContain('"type":"end"');
  });
});

test('a run that was killed in the middle is completed by the next one, and nothing is unsaved', async () => {
  const keys = await results.add(20_000);
  const act = ({ child }: StartedBin) => {
    child.kill('SIGKILL');
    return 'cut' as const;
  };
  const moment = { url: results.redis.url, command: 'EVALSHA', number: 5, act };
  await runBinUntil('cleanup-celery-meta', moment, { args: ['--yes', '--backup', path] });
  const left = await results.left();
  expect(left.length).toBeGreaterThan(0);
  const second = `${path}.2`;
  await results.client.pExpire('atf:maintenance-lock', 1); // as if 30 s had passed
  expect(await results.run(['--yes', '--backup', second, '--wait', '30s'])).toMatchObject({ code: 0 });
  expect(await results.digest()).toBe(results.digestWithout);
  const saved = new Set([...(await keysIn(path)), ...(await keysIn(second))]);
  expect(keys.filter((key) => !saved.has(key))).toEqual([]);
});
