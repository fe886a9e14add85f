import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AtfError } from '../errors.js';
import { ChecksumChain } from './checksum-chain.js';
import { fileError } from './file-error.js';
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupEnd,
  type BackupHeader,
  type BackupRecord,
} from './records.js';

const CHUNK_LENGTH = 1_000_000;

/** A backup under construction. */
export class BackupWriter {
  /** How many records were written. */
  records = 0;
  readonly #checksums = new ChecksumChain();
  #closed = false;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * Creates a backup file that only its owner can read.
   * @throws AtfError `USAGE` if the file exists, because a backup is never overwritten; `BACKUP` if it cannot be created
   */
  static async create(
    path: string,
    header: Omit<BackupHeader, 'format' | 'version' | 'id'>,
  ): Promise<BackupWriter> {
    const backup = new BackupWriter(path, await openNew(path));
    try {
      await syncFolder(path);
      await backup.#write({ format: BACKUP_FORMAT, version: BACKUP_VERSION, id: randomUUID(), ...header });
    } catch (error) {
      await backup.abandon();
      throw error;
    }
    return backup;
  }

  /**
   * Writes records and returns once they are on disk. Then what they describe may be deleted.
   * @throws AtfError `BACKUP` if the disk is full or fails
   */
  async save(records: readonly BackupRecord[]): Promise<void> {
    await this.append(records);
    await this.sync();
  }

  /** Writes records that are on disk only after a later {@link sync}. For many large records, a few at a time. */
  async append(records: readonly BackupRecord[]): Promise<void> {
    await this.#write(...records);
    this.records += records.length;
  }

  /** Returns once everything written is on disk. @throws AtfError `BACKUP` */
  async sync(): Promise<void> {
    await this.file.sync().catch((error) => failed(this.path, error));
  }

  /**
   * Writes the end, closes the file, and returns its path. A file without an end shows a reader that the run was cut off.
   * Without `keep`, because the run deleted nothing, it removes the file and returns null.
   * @throws AtfError `BACKUP`: then only the end is missing, and the file is closed
   */
  async close({ keep }: { keep: boolean }): Promise<string | null> {
    try {
      if (keep && !this.#closed) {
        await this.#write({ type: 'end', records: this.records });
        await this.sync();
      }
    } finally {
      await this.#closeFile();
    }
    if (keep) return this.path;
    await unlink(this.path).catch(() => {});
    return null;
  }

  /**
   * Closes the file of a failed run without an end, and never throws. It removes a file without records, so that the same
   * command can run again. A closed file stays as it is.
   */
  async abandon(): Promise<void> {
    if (this.#closed) return;
    await this.#closeFile();
    if (this.records === 0) await unlink(this.path).catch(() => {});
  }

  async #closeFile(): Promise<void> {
    this.#closed = true;
    await this.file.close().catch(() => {});
  }

  async #write(...lines: (BackupHeader | BackupRecord | BackupEnd)[]): Promise<void> {
    const texts = lines.map((line) => `${this.#checksums.seal(JSON.stringify(line))}\n`);
    for (const chunk of chunksOf(texts)) {
      await this.file.appendFile(chunk).catch((error) => failed(this.path, error));
    }
  }
}

/** Joins short lines into one write; a long line is a write of its own. */
function* chunksOf(lines: readonly string[]): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    if (chunk.length + line.length > CHUNK_LENGTH && chunk !== '') {
      yield chunk;
      chunk = '';
    }
    chunk += line;
  }
  if (chunk !== '') yield chunk;
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existingBackup(path);
    return failed(path, error);
  }
}

/** Errors of file systems that cannot sync a folder, and of folders that this user may write to but not read. */
const UNSYNCABLE = new Set(['EINVAL', 'EISDIR', 'ENOTSUP', 'EACCES', 'EPERM', 'EBADF']);

/** Syncs the name of a new file to disk. Otherwise a crash of the machine loses the file although its content is synced. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(dirname(path), 'r');
    await folder.sync();
  } catch (error) {
    if (!UNSYNCABLE.has((error as NodeJS.ErrnoException).code ?? '')) failed(path, error);
  } finally {
    await folder?.close().catch(() => {});
  }
}

function failed(path: string, error: unknown): never {
  throw new AtfError('BACKUP', `the backup cannot be written to ${path}`, {
    why: fileError(error),
    hint: 'Free space there or name another file. What the backup does not hold was not deleted.',
    cause: error,
  });
}

/** The error for a file that exists. */
export function existingBackup(path: string): AtfError {
  return new AtfError('USAGE', `the backup file ${path} exists`, {
    why: 'a backup is never overwritten',
    hint: `Name another file, or a folder for a new file in each run: --backup ${dirname(path)}/`,
  });
}
