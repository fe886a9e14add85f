import { join } from 'node:path';
import {
  type BackupHeader,
  type BackupRecord,
  BackupWriter,
  closeTarget,
  connectTarget,
  type Deps,
  depsOf,
  describeTarget,
  type Target,
  type Work,
} from '@atf/core';
import { loadRecording } from '@atf/sandbox';
import { type TestRedis, useEmptyRedis, useFolder } from '@atf/sandbox/jest';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type RestoreBackupOptions, type RestoreBackupResult, restoreBackup } from '../src/index.js';

/** An empty Redis for each test, and a folder for backups. */
export interface Emptied extends TestRedis {
  target: Target;
  /** A path that no file has yet. */
  path(): string;
  /** Writes records as `--backup` does, and returns the file's path. */
  backup(records: readonly BackupRecord[], header?: Partial<BackupHeader>): Promise<string>;
  /** Restores a file by the function. */
  restore(
    file: string,
    options?: Partial<RestoreBackupOptions> & { deps?: Partial<Deps> },
  ): Promise<Work<RestoreBackupResult>>;
}

/** Starts a Redis for this file's tests; what it gives is filled in when they run. */
export function useEmptied(): Emptied {
  const emptied = useEmptyRedis() as Emptied;
  const folder = useFolder();
  let files = 0;
  Object.assign(emptied, {
    path: () => join(folder, `${++files}.ndjson`),
    async backup(records, header = {}) {
      const file = emptied.path();
      const writer = await BackupWriter.create(file, { ...headerOf(emptied.target), ...header });
      await writer.save(records);
      await writer.close({ keep: true });
      return file;
    },
    restore: (file, { deps = {}, ...options } = {}) =>
      restoreBackup(
        { ...depsOf(emptied.target), ...deps },
        { file, replace: false, dryRun: false, ...options },
      ),
  } satisfies Partial<Emptied>);
  beforeAll(async () => {
    emptied.target = await connectTarget(emptied.redis.url, { name: 'restore-backup-test' });
  });
  afterAll(() => closeTarget(emptied.target));
  return emptied;
}

/** The same with the recording in it. */
export interface Recorded extends Emptied {
  /** The digest with the recording, and nothing done to it. */
  before: string;
}

export function useRecorded(): Recorded {
  const recorded = useEmptied() as Recorded;
  beforeEach(async () => {
    await loadRecording(recorded.client);
    recorded.before = await recorded.digest();
  });
  return recorded;
}

export const headerOf = ({ description }: Target) => ({
  tool: 'delete-defective-tasks',
  target: describeTarget(description),
  createdAt: '2026-11-22T15:10:00.000Z',
  server: 'Redis 7.0.15',
});
