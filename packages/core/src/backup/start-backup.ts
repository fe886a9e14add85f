import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { readServerInfo } from '../redis/server-info.js';
import { describeTarget } from '../redis/target.js';
import { BackupWriter, existingBackup } from './backup-writer.js';
import { fileError } from './file-error.js';

/**
 * Creates the backup of a run, with the target and its server in the header. `path` is a new file, or a folder: then the
 * name of the file consists of the tool and the time. Cost: one INFO.
 * @throws AtfError `USAGE` if the file exists; `BACKUP` if it cannot be created
 */
export async function startBackup(
  { target, now }: Pick<Deps, 'target' | 'now'>,
  { path, tool }: { path: string; tool: string },
): Promise<BackupWriter> {
  const createdAt = now().toISOString();
  const header = {
    tool,
    target: describeTarget(target.description),
    createdAt,
    server: (await readServerInfo(target.client))?.name ?? 'unknown',
  };
  if (!(await isFolder(path))) return BackupWriter.create(path, header);
  await mkdir(path, { mode: 0o700 }).catch(() => {}); // it may exist; what else is wrong shows when the file is created
  const name = `${tool}-${createdAt.replace(/[-:]/g, '')}`;
  for (let n = 1; ; n++) {
    const file = join(path, `${name}${n === 1 ? '' : `-${n}`}.ndjson`);
    if (!(await exists(file))) return BackupWriter.create(file, header);
  }
}

/**
 * Refuses a backup file that exists or cannot be created, before the tool asks anybody.
 * @throws AtfError `USAGE`
 */
export async function refuseUnusableBackup(path: string): Promise<void> {
  const name = path.replace(/(?<=.)\/+$/, '');
  const isThere = await exists(name);
  const isInFolder = await isFolder(path);
  if (isThere && !isInFolder) throw existingBackup(path);
  const folder = isThere ? name : dirname(name);
  await access(`${folder}/.`, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw new AtfError('USAGE', `the backup ${isInFolder ? 'folder' : 'file'} ${path} cannot be made`, {
      why: fileError(error),
      hint: 'Name a file or a folder/ in a folder that exists and that this user may write to.',
    });
  });
}

async function isFolder(path: string): Promise<boolean> {
  return path.endsWith('/') || (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
