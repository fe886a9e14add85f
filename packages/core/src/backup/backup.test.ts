import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { useFolder } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { readBackup } from './backup-reader.js';
import { BackupWriter } from './backup-writer.js';
import type { BackupRecord, TaskRecord } from './records.js';

const folder = useFolder();

const HEADER = {
  tool: 'some-tool',
  target: 'redis://localhost:6379/0',
  createdAt: '2026-11-22T15:10:00.000Z',
  server: 'Redis 7.0.15',
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
  const backup = await BackupWriter.create(path, HEADER);
  await backup.save(records);
  await backup.close({ keep: true });
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
    const backup = await BackupWriter.create(path, HEADER);
    await backup.save([KEY]);
    expect(await read(path)).toEqual({ records: [KEY], complete: false });
    await backup.close({ keep: true });
  });

  test('has its name on disk too before anything is written to it', async () => {
    const path = join(folder, 'named');
    const synced = await syncsDuring(async () => {
      await (await BackupWriter.create(path, HEADER)).close({ keep: true });
    });
    expect(synced).toEqual(['folder', 'file']);
  });

  test('that is appended to is on disk after a sync', async () => {
    const path = join(folder, 'appended');
    const backup = await BackupWriter.create(path, HEADER);
    const synced = await syncsDuring(async () => {
      await backup.append([KEY]);
      await backup.append([TASK]);
    });
    expect(synced).toEqual([]);
    expect(await syncsDuring(() => backup.sync())).toEqual(['file']);
    expect(backup.records).toBe(2);
    await backup.close({ keep: true });
    expect(await read(path)).toEqual({ records: [KEY, TASK], complete: true });
  });

  test('that is abandoned has no end, and may be closed and abandoned again', async () => {
    const path = join(folder, 'abandoned');
    const backup = await BackupWriter.create(path, HEADER);
    await backup.save([KEY]);
    await backup.abandon();
    await backup.abandon();
    await backup.close({ keep: true });
    expect(await read(path)).toEqual({ records: [KEY], complete: false });
  });

  test('of a run that failed before its first record is removed', async () => {
    const path = join(folder, 'unused');
    await (await BackupWriter.create(path, HEADER)).abandon();
    expect(existsSync(path)).toBe(false);
  });

  test('is never overwritten', async () => {
    const path = await written('twice', [KEY]);
    const before = readFileSync(path);
    await expect(BackupWriter.create(path, HEADER)).rejects.toMatchObject({ code: 'USAGE' });
    expect(readFileSync(path)).toEqual(before);
  });

  test('that was cut off in its last line lacks that record and its end', async () => {
    const path = await written('cut', [KEY, TASK]);
    truncateSync(path, statSync(path).size - 100);
    expect(await read(path)).toEqual({ records: [KEY], complete: false });
  });

  test('is removed if nothing was deleted, and its path is returned if something was', async () => {
    const path = join(folder, 'nothing-deleted');
    const unused = await BackupWriter.create(path, HEADER);
    await unused.save([KEY]);
    expect([await unused.close({ keep: false }), existsSync(path)]).toEqual([null, false]);
    expect(await (await BackupWriter.create(path, HEADER)).close({ keep: true })).toBe(path);
  });
});

describe('a damaged backup', () => {
  const QUEUE: BackupRecord = {
    type: 'queue',
    key: 'dGFza3M6cGVuZGluZzpwcmltYXJ5',
    kind: 'list',
    contentHash: 'c',
    entries: [{ element: 'MQ==', at: '0' }],
  };

  test('is refused for each bit that flips, before its first record if the file can be read twice', async () => {
    const path = await written('bits', [KEY, TASK, QUEUE]);
    const whole = readFileSync(path);
    for (const [at, byte] of whole.subarray(0, -1).entries()) {
      const damaged = Buffer.from(whole);
      damaged[at] = byte ^ (1 << (at % 8));
      writeFileSync(path, damaged);
      await expect(readBackup(path, { checkFirst: true })).rejects.toMatchObject({ code: 'USAGE' });
    }
  });

  test('is refused if a line is missing, repeated, moved or from another backup', async () => {
    const path = await written('lines', [KEY, TASK, QUEUE]);
    const [header = '', first = '', second = '', ...rest] = readFileSync(path, 'utf8').split('\n');
    const [, foreign = ''] = readFileSync(await written('foreign', [KEY]), 'utf8').split('\n');
    for (const [line, lines] of [
      [2, [header, second, ...rest]],
      [3, [header, first, first, second, ...rest]],
      [2, [header, second, first, ...rest]],
      [2, [header, foreign, second, ...rest]],
    ] as const) {
      writeFileSync(path, lines.join('\n'));
      await expect(readBackup(path, { checkFirst: true })).rejects.toMatchObject({
        code: 'USAGE',
        why: `line ${line} is damaged: its checksum is wrong`,
      });
    }
  });

  test('of which only the end of the file is missing is incomplete wherever the file ends', async () => {
    const path = await written('ends', [KEY, TASK]);
    const whole = readFileSync(path);
    const header = whole.indexOf('\n') + 1;
    for (let size = header; size < whole.length - 1; size++) {
      writeFileSync(path, whole.subarray(0, size));
      expect((await read(path)).complete).toBe(false);
    }
    writeFileSync(path, whole.subarray(0, -1));
    expect(await read(path)).toEqual({ records: [KEY, TASK], complete: true });
  });
});

test.each([
  ['is missing', undefined, 'there is no such file or folder'],
  ['is empty', '', 'it is empty'],
  ['is text', 'hello\n', 'it does not begin like a backup of these tools'],
  ['is compressed', gzipSync('x'), 'it is compressed: decompress it first'],
  [
    'has version 1',
    `${JSON.stringify({ format: 'atf-backup', version: 1, ...HEADER })}\n`,
    'it has version 1 of the format, and this tool reads version 2 only',
  ],
])('a file that %s is refused', async (name, content, why) => {
  const path = join(folder, name);
  if (content !== undefined) appendFileSync(path, content);
  await expect(readBackup(path)).rejects.toMatchObject({ code: 'USAGE', why });
});

test('a record that only another version knows is refused by its line, although its checksum is right', async () => {
  const path = await written('unknown', [KEY, { ...KEY, type: 'stream' } as unknown as BackupRecord]);
  await expect(readBackup(path, { checkFirst: true })).rejects.toMatchObject({
    code: 'USAGE',
    why: 'line 3 is not a record that this version knows',
  });
});

test('joined backups are refused, whether the first one has its end or not', async () => {
  const first = readFileSync(await written('first', [KEY]));
  const second = readFileSync(await written('second', [TASK]));
  const path = join(folder, 'both');
  for (const [start, line] of [
    [first, 4],
    [first.subarray(0, first.lastIndexOf('{')), 3],
  ] as const) {
    writeFileSync(path, Buffer.concat([start, second]));
    await expect(readBackup(path, { checkFirst: true })).rejects.toMatchObject({
      code: 'USAGE',
      why: `it has more lines after its end, from line ${line} on: restore joined backups one by one`,
    });
  }
  writeFileSync(path, Buffer.concat([first, Buffer.from('\n')]));
  await expect(read(path)).rejects.toMatchObject({ code: 'USAGE' });
});
