import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { describeTarget } from '../redis/target.js';
import { type BackupWriter, createBackup, existingBackup } from './backup-writer.js';
import { fileError } from './file-error.js';

/**
 * Creates the backup of a run, with the target and its server's version in the header. Cost: one INFO.
 * @throws AtfError `USAGE` if the file exists; `BACKUP` if it cannot be created
 */
export async function startBackup(
  { target, now }: Pick<Deps, 'target' | 'now'>,
  { path, tool }: { path: string; tool: string },
): Promise<BackupWriter> {
  const [, redisVersion = 'unknown'] =
    /redis_version:(\S+)/.exec(String(await target.client.info('server'))) ?? [];
  return createBackup(path, {
    tool,
    target: describeTarget(target.description),
    createdAt: now().toISOString(),
    redisVersion,
  });
}

/**
 * Refuses a backup file that exists or cannot be created, before the tool asks anybody.
 * @throws AtfError `USAGE`
 */
export async function refuseUnusableBackup(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw existingBackup(path);
  await access(dirname(path), constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw new AtfError('USAGE', `the backup file ${path} cannot be made`, {
      why: fileError(error),
      hint: 'Name a file in a folder that exists and that this user may write to.',
    });
  });
}
