import { access } from 'node:fs/promises';
import type { Deps } from '../deps.js';
import { describeTarget } from '../redis/target.js';
import { type BackupWriter, createBackup, existingBackup } from './backup-writer.js';

/**
 * Begins the backup of a run, with the target and its server's version in the header. Cost: one INFO.
 * @throws AtfError `USAGE` where the file exists; `BACKUP` where it cannot be made
 */
export async function startBackup(
  { target, now }: Pick<Deps, 'target' | 'now'>,
  { path, tool }: { path: string; tool: string },
): Promise<BackupWriter> {
  const [, redisVersion = 'unknown'] =
    /redis_version:(\S+)/.exec(String(await target.primaries[0].info('server'))) ?? [];
  return createBackup(path, {
    tool,
    target: describeTarget(target.description),
    createdAt: now().toISOString(),
    redisVersion,
  });
}

/**
 * Says early, before anybody is asked, that a backup's file exists.
 * @throws AtfError `USAGE`
 */
export async function refuseExistingBackup(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw existingBackup(path);
}
