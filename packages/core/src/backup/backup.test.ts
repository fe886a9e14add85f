import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readBackup } from './backup-reader.js';
import { createBackup } from './backup-writer.js';
import type { BackupRecord, TaskRecord } from './records.js';
import { refuseUnusableBackup } from './start-backup.js';

const folder = mkdtempSync(join(tmpdir(), 'atf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = {
  tool: 'some-tool',
  target: 'redis://localhost:6379/0',
  createdAt: '2026-11-22T15:10:00.000Z',
  redisVersion: '7.0.15',
};
const KEY: BackupRecord = {
  type: 'key',
  key: '/w==',
  dump: 'AAA=',
  expiresAt: 1_795_360_255_878,
  contentHash: 'a',
};
const TASK: TaskRecord = {
  type: 'task',
  task: { type: 'key', key: 'dGFzazox', dump: 'AAA=', expiresAt: null, contentHash: 'b' },
  copies: [],
  entries: [{ type: 'list-entry', key: 'ZGxxOnRhc2tz', element: 'MQ==', fromTail: 3 }],
  members: [{ type: 'member', key: 'cw==', member: 'MQ==', score: 'inf' }],
  counted: 'DLQ',
};

async function written(name: string, records: readonly BackupRecord[]): Promise<string> {
  const path = join(folder, name);
  const backup = await createBackup(path, HEADER);
  await backup.save(records);
  await backup.close();
  return path;
}

async function read(path: string): Promise<{ records: BackupRecord[]; complete: boolean }> {
  const { records } = await readBackup(path);
  const found: BackupRecord[] = [];
  for (;;) {
    const { done, value } = await records.next();
    if (done) return { records: found, complete: value.complete };
    found.push(value);
  }
}

/** What is synced to disk while something is done. */
async function syncsDuring(work: () => Promise<void>): Promise<('folder' | 'file')[]> {
  const probe = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const { sync } = prototype;
  const synced: ('folder' | 'file')[] = [];
  prototype.sync = async function (this: FileHandle) {
    synced.push((await this.stat()).isDirectory() ? 'folder' : 'file');
    return sync.call(this);
  };
  try {
    await work();
  } finally {
    prototype.sync = sync;
  }
  return synced;
}

describe('a backup', () => {
  test('gives back what was saved, and says that it is whole', async () => {
    const path = await written('whole', [KEY, TASK]);
    expect((await readBackup(path)).header).toMatchObject(HEADER);
    expect(await read(path)).toEqual({ records: [KEY, TASK], complete: true });
  });

  test('is for its owner alone', async () => {
    expect(statSync(await written('owner', [])).mode & 0o777).toBe(0o600);
  });

  test('is on disk when save returns, before it has its end', async () => {
    const path = join(folder, 'saved');
    const backup = await createBackup(path, HEADER);
    await backup.save([KEY]);
    expect(await read(path)).toEqual({ records: [KEY], complete: false });
    await backup.close();
  });

  test('has its name on disk too before anything is written to it', async () => {
    const path = join(folder, 'named');
    const synced = await syncsDuring(async () => (await createBackup(path, HEADER)).close());
    expect(synced).toEqual(['folder', 'file']);
  });

  test('that is appended to is on disk after a sync', async () => {
    const path = join(folder, 'appended');
    const backup = await createBackup(path, HEADER);
    const synced = await syncsDuring(async () => {
      await backup.append([KEY]);
      await backup.append([TASK]);
    });
    expect(synced).toEqual([]);
    expect(await syncsDuring(() => backup.sync())).toEqual(['file']);
    expect(backup.records).toBe(2);
    await backup.close();
    expect(await read(path)).toEqual({ records: [KEY, TASK], complete: true });
  });

  test('that is abandoned has no end, and may be closed and abandoned again', async () => {
    const path = join(folder, 'abandoned');
    const backup = await createBackup(path, HEADER);
    await backup.save([KEY]);
    await backup.abandon();
    await backup.abandon();
    await backup.close();
    expect(await read(path)).toEqual({ records: [KEY], complete: false });
  });

  test('of a run that failed before its first record is removed', async () => {
    const path = join(folder, 'unused');
    await (await createBackup(path, HEADER)).abandon();
    expect(existsSync(path)).toBe(false);
  });

  test('is never overwritten', async () => {
    const path = await written('twice', [KEY]);
    const before = readFileSync(path);
    await expect(createBackup(path, HEADER)).rejects.toMatchObject({ code: 'USAGE' });
    expect(readFileSync(path)).toEqual(before);
  });

  test('that was cut off in its last line lacks that record and its end', async () => {
    const path = await written('cut', [KEY, TASK]);
    truncateSync(path, statSync(path).size - 60);
    expect(await read(path)).toEqual({ records: [KEY], complete: false });
  });

  test('with a damaged line in its middle is an error that names the line', async () => {
    const path = await written('damaged', [KEY, TASK]);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(
      path,
      [...lines.slice(0, 2), '{"type":"key","key":"no base64!"}', ...lines.slice(2)].join('\n'),
    );
    await expect(read(path)).rejects.toMatchObject({ code: 'USAGE', why: 'line 3 cannot be read' });
  });
});

test.each([
  ['is missing', undefined],
  ['is empty', ''],
  ['is no backup', 'hello\n'],
  ['is of a later version', `${JSON.stringify({ format: 'atf-backup', version: 2, ...HEADER })}\n`],
])('a file that %s is refused', async (name, content) => {
  const path = join(folder, name);
  if (content !== undefined) appendFileSync(path, content);
  await expect(readBackup(path)).rejects.toMatchObject({ code: 'USAGE' });
});

test('where there is no folder no backup can be made, and that is told early', async () => {
  const path = join(folder, 'none', 'file');
  await expect(createBackup(path, HEADER)).rejects.toMatchObject({ code: 'BACKUP' });
  const refusal = { code: 'USAGE', why: 'there is no such file or folder' };
  await expect(refuseUnusableBackup(path)).rejects.toMatchObject(refusal);
  await expect(refuseUnusableBackup(join(folder, 'new'))).resolves.toBeUndefined();
});
