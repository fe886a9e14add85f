import { createInterface } from 'node:readline';
import { AtfError } from '../errors.js';

export interface ConfirmStreams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Ends the waiting like the end of input does. */
  signal: AbortSignal;
}

/**
 * Shows what is going to happen and waits for the word `yes`, from a terminal or a pipe.
 * @throws AtfError `NOT_CONFIRMED` for any other answer and for the end of input
 */
export async function confirm(
  lines: readonly string[],
  { input, output, signal }: ConfirmStreams,
): Promise<void> {
  output.write(`${lines.join('\n')}\nType yes to go on: `);
  const answer = await firstLine(input, signal);
  if (!(input as { isTTY?: boolean }).isTTY) output.write('\n'); // a terminal has shown the answer and its end of line
  if (answer?.trim() === 'yes') return;
  throw new AtfError('NOT_CONFIRMED', 'not confirmed', {
    why: answer === undefined ? 'there was no answer to the question' : 'the answer was not yes',
    hint: 'Answer yes, or give --yes where nobody can be asked.',
  });
}

async function firstLine(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input, signal });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
    input.pause();
  }
}
