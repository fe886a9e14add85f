import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useFolder } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { readBackup } from './backup-reader.js';
import { refuseUnusableBackup, startBackup } from './start-backup.js';

const folder = useFolder();
const deps = {
  now: () => new Date('2026-11-22T15:10:00.123Z'),
  target: {
    client: {
      sendCommand: async () =>
        '# Server\r\nserver_name:valkey\r\nredis_version:7.2.4\r\nvalkey_version:9.1.2\r\n',
    },
    description: { host: 'db', port: 6379, database: 0, tls: false, user: null },
  },
} as unknown as Parameters<typeof startBackup>[0];
const start = (path: string) => startBackup(deps, { path, tool: 'some-tool' });

test('a backup in a folder that does not exist is refused early', async () => {
  const path = join(folder, 'none', 'file');
  await expect(start(path)).rejects.toMatchObject({ code: 'BACKUP' });
  const refusal = { code: 'USAGE', why: 'there is no such file or folder' };
  await expect(refuseUnusableBackup(path)).rejects.toMatchObject(refusal);
  await expect(refuseUnusableBackup(join(folder, 'new'))).resolves.toBeUndefined();
});

describe('--backup FOLDER/', () => {
  test('makes a new file for each run, named by tool and time, and names the server by its own version', async () => {
    const path = `${join(folder, 'backups')}/`;
    await refuseUnusableBackup(path);
    const first = await start(path);
    await first.close({ keep: true });
    await refuseUnusableBackup(path);
    const second = await start(join(folder, 'backups'));
    await second.close({ keep: true });
    expect([first.path, second.path]).toEqual([
      join(folder, 'backups', 'some-tool-20261122T151000.123Z.ndjson'),
      join(folder, 'backups', 'some-tool-20261122T151000.123Z-2.ndjson'),
    ]);
    expect((await readBackup(first.path)).header).toMatchObject({
      server: 'Valkey 9.1.2',
      target: 'redis://db:6379/0',
    });
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  test('is refused early in a folder that does not exist, and below a file', async () => {
    await expect(refuseUnusableBackup(join(folder, 'no', 'such/'))).rejects.toMatchObject({
      code: 'USAGE',
      why: 'there is no such file or folder',
    });
    const file = join(folder, 'not-a-folder');
    writeFileSync(file, '');
    await expect(refuseUnusableBackup(`${file}/`)).rejects.toMatchObject({
      code: 'USAGE',
      why: 'a part of its path is no folder',
    });
  });
});
