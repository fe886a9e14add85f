import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BackupRecord,
  closeTarget,
  connectTarget,
  createBackup,
  type Deps,
  depsOf,
  describeTarget,
  type Target,
  type Work,
} from '@atf/core';
import { type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type RestoreBackupOptions, type RestoreBackupResult, restoreBackup } from '../src/index.js';

/** An empty Redis for each test, and a folder for backups. */
export interface Emptied {
  redis: SandboxRedis;
  client: SandboxClient;
  target: Target;
  /** A path that no file has yet. */
  path(): string;
  /** Writes records as `--backup` does, and returns the file's path. */
  backup(records: readonly BackupRecord[]): Promise<string>;
  /** Restores a file by the function. */
  restore(
    file: string,
    options?: Partial<RestoreBackupOptions> & { deps?: Partial<Deps> },
  ): Promise<Work<RestoreBackupResult>>;
}

/** Starts a Redis for this file's tests; what it gives is filled in when they run. */
export function useRedis(): Emptied {
  let folder: string;
  let files = 0;
  const emptied = {
    path: () => join(folder, `${++files}.ndjson`),
    async backup(records) {
      const file = emptied.path();
      const writer = await createBackup(file, headerOf(emptied.target));
      await writer.save(records);
      await writer.close();
      return file;
    },
    restore: (file, { deps = {}, ...options } = {}) =>
      restoreBackup(
        { ...depsOf(emptied.target), ...deps },
        { file, replace: false, dryRun: false, ...options },
      ),
  } as Emptied;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'restore-backup-'));
    emptied.redis = await startRedis({ args: ['--enable-debug-command', 'yes'] });
    emptied.client = await emptied.redis.client();
    emptied.target = await connectTarget(emptied.redis.url, { name: 'restore-backup-test' });
  });
  afterAll(async () => {
    closeTarget(emptied.target);
    await emptied.redis.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await emptied.client.flushDb();
  });
  return emptied;
}

export const headerOf = ({ description }: Target) => ({
  tool: 'delete-defective-tasks',
  target: describeTarget(description),
  createdAt: '2026-11-22T15:10:00.000Z',
  redisVersion: '7.0.15',
});
