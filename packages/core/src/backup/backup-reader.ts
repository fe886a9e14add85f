import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import * as z from 'zod';
import { AtfError } from '../errors.js';
import { TASK_STATES } from '../model/task-states.js';
import { fileError } from './file-error.js';
import { BACKUP_FORMAT, BACKUP_VERSION, type BackupHeader, type BackupRecord } from './records.js';

const header = z.object({
  format: z.literal(BACKUP_FORMAT),
  version: z.literal(BACKUP_VERSION),
  tool: z.string(),
  target: z.string(),
  createdAt: z.string(),
  redisVersion: z.string(),
});
const key = z.object({
  type: z.literal('key'),
  key: z.base64(),
  dump: z.base64(),
  expiresAt: z.number().nullable(),
  mark: z.string(),
});
const task = z.object({
  type: z.literal('task'),
  task: key,
  copies: z.array(key),
  entries: z.array(
    z.object({
      type: z.literal('list-entry'),
      key: z.base64(),
      element: z.base64(),
      fromTail: z.int().nonnegative(),
    }),
  ),
  members: z.array(
    z.object({ type: z.literal('member'), key: z.base64(), member: z.base64(), score: z.string() }),
  ),
  counted: z.enum(TASK_STATES).nullable(),
});
const end = z.object({ type: z.literal('end'), records: z.int().nonnegative() });
const line = z.discriminatedUnion('type', [key, task, end]);

const NEWLINE = 0x0a;

/** What stands in a backup: its header, its records one by one, and at last whether it has its end. */
export interface BackupContent {
  header: BackupHeader;
  records: AsyncGenerator<BackupRecord, { complete: boolean }>;
}

/**
 * Opens a backup. Memory: one record at a time. A last line that was cut off, as by a kill, is left out: what it
 * describes was not deleted yet. The signal ends the reading, also of a pipe that gives nothing.
 * @throws AtfError `USAGE` where the file is missing or is no backup; the signal's reason; both also while its records are read
 */
export async function readBackup(
  path: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<BackupContent> {
  const lines = linesOf(path, signal);
  const first = await lines.next();
  const parsed = header.safeParse(first.done ? undefined : jsonOf(first.value));
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
    const parsed = line.safeParse(jsonOf(text));
    if (!parsed.success) damaged = number;
    else if (parsed.data.type === 'end') return { complete: parsed.data.records === records };
    else {
      records++;
      yield parsed.data;
    }
  }
  return { complete: false };
}

/** The lines of a file, one at a time: Node's own reader takes in a thousand ahead, and one may hold megabytes. */
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

/** A read of a pipe that gives nothing cannot be given up where it is one of a file: it would hold even the process' end. */
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
