import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';

const NEWLINE = 0x0a;
/** V8 has no longer strings. */
const LONGEST_LINE = 2 ** 29 - 24;

export interface Line {
  /** Without its newline. */
  bytes: Buffer;
  /** False: the file ends within this line. */
  isWhole: boolean;
}

/**
 * The lines of a file or pipe, one at a time. Node's own reader holds a thousand of them, and one may have megabytes.
 * @throws the signal's reason; what the file system refuses; Error for a line that is too long
 */
export async function* linesOfFile(path: string, signal: AbortSignal): AsyncGenerator<Line> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of addAbortSignal(signal, await streamOf(path)) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        yield { bytes: Buffer.concat([...parts.splice(0), chunk.subarray(from, end)]), isWhole: true };
        from = end + 1;
        length = 0;
      }
      if (from === chunk.length) continue;
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > LONGEST_LINE) throw new Error('it has a line that is longer than any in a backup');
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  if (parts.length > 0) yield { bytes: Buffer.concat(parts), isWhole: false };
}

/** Reads a pipe as a socket: a file read that waits for a silent pipe cannot be stopped, and blocks the process' exit. */
async function streamOf(path: string): Promise<Readable> {
  const isPipe = (await stat(path)).isFIFO();
  if (!isPipe) return createReadStream(path);
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}
