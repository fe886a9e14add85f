import { stat } from 'node:fs/promises';
import { AtfError } from '../errors.js';
import { ChecksumChain } from './checksum-chain.js';
import { fileError } from './file-error.js';
import { type Line, linesOfFile } from './lines-of-file.js';
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupHeader,
  type BackupRecord,
  headerSchema,
  lineSchema,
} from './records.js';

type Records = AsyncGenerator<BackupRecord, { complete: boolean }>;

/** What a backup holds: its header, its records one by one, and at last whether it has its end. */
export interface BackupContent {
  header: BackupHeader;
  records: Records;
  /** The result of a first pass over the whole file. Undefined: there was none, because a pipe can be read only once. */
  checked: { holdsQueues: boolean } | undefined;
}

export interface ReadOptions {
  /** Ends the reading, also of a pipe that delivers nothing. */
  signal?: AbortSignal;
  /** True: read a regular file to its end first. Damage shows before the first record is returned. */
  checkFirst?: boolean;
}

/**
 * Opens a backup, and verifies the checksum of each line. Memory: one record at a time. A last line that was cut off, as by
 * a kill, is left out: what it describes was not deleted yet.
 * @throws AtfError `USAGE` if the file is missing, damaged or not a backup; the signal's reason; both also while records are read
 */
export async function readBackup(
  path: string,
  { signal = new AbortController().signal, checkFirst = false }: ReadOptions = {},
): Promise<BackupContent> {
  const isRegular = await stat(path).then(
    (file) => file.isFile(),
    () => false,
  );
  const checked = checkFirst && isRegular ? await check(path, signal) : undefined;
  const { header, records } = await open(path, signal);
  if (checked && checked.id !== header.id) throw unusable(path, 'it changed while it was read');
  return { header, records, checked };
}

async function check(path: string, signal: AbortSignal): Promise<{ id: string; holdsQueues: boolean }> {
  const { header, records } = await open(path, signal);
  let holdsQueues = false;
  for await (const { type } of records) holdsQueues ||= type === 'queue';
  return { id: header.id, holdsQueues };
}

async function open(path: string, signal: AbortSignal): Promise<Omit<BackupContent, 'checked'>> {
  const chain = new ChecksumChain();
  const lines = linesOf(path, signal);
  const first = await lines.next();
  const header = headerOf(first.done ? Buffer.alloc(0) : first.value.bytes, chain, path);
  return { header, records: recordsOf(path, lines, chain) };
}

async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<Line> {
  try {
    yield* linesOfFile(path, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw unusable(path, fileError(error));
  }
}

function headerOf(line: Buffer, chain: ChecksumChain, path: string): BackupHeader {
  if (line.length === 0) throw unusable(path, 'it is empty');
  if (line[0] === 0x1f && line[1] === 0x8b) throw unusable(path, 'it is compressed: decompress it first');
  const { format, version } = Object(jsonOf(line.toString())) as Partial<BackupHeader>;
  if (format !== BACKUP_FORMAT) throw unusable(path, 'it does not begin like a backup of these tools');
  if (version !== BACKUP_VERSION) {
    const which = `it has version ${JSON.stringify(version)} of the format`;
    throw unusable(path, `${which}, and this tool reads version ${BACKUP_VERSION} only`);
  }
  const text = chain.open(line);
  if (text === undefined) throw unusable(path, 'line 1 is damaged: its checksum is wrong');
  const parsed = headerSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw unusable(path, 'line 1 is not a header that this version knows');
  return parsed.data;
}

async function* recordsOf(path: string, lines: AsyncGenerator<Line>, chain: ChecksumChain): Records {
  let number = 1;
  let complete = false;
  for await (const { bytes, isWhole } of lines) {
    number++;
    if (complete || bytes.indexOf(`{"format":"${BACKUP_FORMAT}"`) === 0) {
      throw unusable(
        path,
        `it has more lines after its end, from line ${number} on: restore joined backups one by one`,
      );
    }
    const text = chain.open(bytes);
    if (text === undefined && !isWhole) return { complete };
    if (text === undefined) throw unusable(path, `line ${number} is damaged: its checksum is wrong`);
    const parsed = lineSchema.safeParse(jsonOf(text));
    if (!parsed.success) throw unusable(path, `line ${number} is not a record that this version knows`);
    if (parsed.data.type === 'end') complete = true;
    else yield parsed.data;
  }
  return { complete };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(path: string, why: string): AtfError {
  return new AtfError('USAGE', `the backup ${path} cannot be used`, {
    why,
    hint: 'Name a file that --backup wrote.',
  });
}
