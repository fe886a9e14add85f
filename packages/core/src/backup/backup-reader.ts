import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { AtfError } from '../errors.js';
import { fileError } from './file-error.js';
import { type BackupHeader, type BackupRecord, headerSchema, lineSchema } from './records.js';

const NEWLINE = 0x0a;

/** What a backup holds: its header, its records one by one, and at last whether it has its end. */
export interface BackupContent {
  header: BackupHeader;
  records: AsyncGenerator<BackupRecord, { complete: boolean }>;
}

/**
 * Opens a backup. Memory: one record at a time. A last line that was cut off, as by a kill, is left out: what it
 * describes was not deleted yet. The signal ends the reading, also of a pipe that delivers nothing.
 * @throws AtfError `USAGE` if the file is missing or is not a backup; the signal's reason; both also while records are read
 */
export async function readBackup(
  path: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<BackupContent> {
  const lines = linesOf(path, signal);
  const first = await lines.next();
  const parsed = headerSchema.safeParse(first.done ? undefined : jsonOf(first.value));
  if (!parsed.success) throw unreadable(path, 'it does not begin like a backup of these tools');
  return { header: parsed.data, records: recordsOf(path, lines) };
}

async function* recordsOf(
  path: string,
  lines: AsyncGenerator<string>,
): AsyncGenerator<BackupRecord, { complete: boolean }> {
  let damaged: number | undefined;
  let number = 1;
  let records = 0;
  for await (const text of lines) {
    number++;
    if (damaged !== undefined) throw unreadable(path, `line ${damaged} cannot be read`);
    const parsed = lineSchema.safeParse(jsonOf(text));
    if (!parsed.success) damaged = number;
    else if (parsed.data.type === 'end') return { complete: parsed.data.records === records };
    else {
      records++;
      yield parsed.data;
    }
  }
  return { complete: false };
}

/** The lines of a file, one at a time. Node's own reader holds a thousand of them, and one may have megabytes. */
async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, await streamOf(path)) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        yield Buffer.concat([...parts.splice(0), chunk.subarray(from, end)]).toString();
        from = end + 1;
      }
      if (from < chunk.length) parts.push(chunk.subarray(from));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(path, fileError(error));
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString();
}

/** Reads a pipe as a socket: a file read that waits for a silent pipe cannot be stopped, and blocks the process' exit. */
async function streamOf(path: string): Promise<Readable> {
  const isPipe = (await stat(path)).isFIFO();
  if (!isPipe) return createReadStream(path);
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(path: string, why: string): AtfError {
  return new AtfError('USAGE', `the backup ${path} cannot be used`, {
    why,
    hint: 'Name a file that --backup wrote.',
  });
}
