import { on } from 'node:events';
import { AtfError } from '../errors.js';

/** Longer input is no answer. Input without an end of line may never end. */
const MAX_CHARACTERS = 1_000;

export interface ConfirmStreams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Ends the waiting, like the end of input does. */
  signal: AbortSignal;
}

/**
 * Shows what will happen and waits for the word `yes`, from a terminal or a pipe.
 * @throws AtfError `NOT_CONFIRMED` for any other answer and for the end of input
 */
export async function confirm(
  lines: readonly string[],
  { input, output, signal }: ConfirmStreams,
): Promise<void> {
  output.write(`${lines.join('\n')}\nType yes to go on: `);
  const answer = await firstLine(input, signal);
  if (!(input as { isTTY?: boolean }).isTTY) output.write('\n'); // a terminal has shown the answer's end of line itself
  if (answer?.trim() === 'yes') return;
  throw new AtfError('NOT_CONFIRMED', 'not confirmed', {
    why: answer === undefined ? 'there was no answer to the question' : 'the answer was not yes',
    hint: 'Answer yes, or give --yes if nobody can answer.',
  });
}

/** The first line, cut at {@link MAX_CHARACTERS}. Undefined: there is no input. */
async function firstLine(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string | undefined> {
  let read = '';
  try {
    for await (const [chunk] of on(input, 'data', { signal, close: ['end', 'close'], highWaterMark: 1 })) {
      read += chunk;
      if (read.includes('\n') || read.length > MAX_CHARACTERS) break;
    }
  } catch {
    // Stopped, or input that cannot be read: there is no answer.
  } finally {
    input.pause();
  }
  return read === '' ? undefined : read.split('\n')[0];
}
