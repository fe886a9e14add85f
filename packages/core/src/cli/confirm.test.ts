import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { confirm } from './confirm.js';

/** Asks with some input waiting; gives what was shown. */
async function ask(input: NodeJS.ReadableStream, signal = new AbortController().signal): Promise<string> {
  const output = new PassThrough();
  await confirm(['redis://localhost:6379/0 holds 51 keys.', 'All of them are deleted.'], {
    input,
    output,
    signal,
  });
  return String(output.read());
}

const piped = (...chunks: string[]) => Readable.from(chunks);

describe('a question', () => {
  test('shows what will happen, then asks for the word', async () => {
    expect(await ask(piped('yes\n'))).toBe(
      'redis://localhost:6379/0 holds 51 keys.\nAll of them are deleted.\nType yes to go on: \n',
    );
  });

  test.each([[['yes\n']], [['yes']], [['yes\r\n']], [[' yes \n']], [['y', 'es\n']], [['yes\n', 'no\n']]])(
    'is confirmed by %j',
    async (chunks) => {
      await expect(ask(piped(...chunks))).resolves.toContain('Type yes');
    },
  );

  test.each(['y\n', 'YES\n', 'Yes\n', 'yes please\n', 'no\n', '\n', '\nyes\n', 'yesyes\n'])(
    'is refused by %j',
    async (answer) => {
      await expect(ask(piped(answer))).rejects.toMatchObject({
        code: 'NOT_CONFIRMED',
        message: 'not confirmed',
        why: 'the answer was not yes',
        hint: 'Answer yes, or give --yes if nobody can answer.',
      });
    },
  );

  test('is refused by input without end', async () => {
    let read = 0;
    const zeros = function* () {
      for (; ; read++) yield Buffer.alloc(65_536);
    };
    await expect(ask(Readable.from(zeros()))).rejects.toMatchObject({ code: 'NOT_CONFIRMED' });
    expect(read).toBeLessThan(100);
  });

  test('is refused by the end of input', async () => {
    await expect(ask(piped())).rejects.toMatchObject({
      code: 'NOT_CONFIRMED',
      why: 'there was no answer to the question',
    });
  });

  test('waits no longer when the run is stopped', async () => {
    const stop = new AbortController();
    const asking = ask(new PassThrough(), stop.signal);
    stop.abort();
    await expect(asking).rejects.toMatchObject({ code: 'NOT_CONFIRMED' });
  });
});
