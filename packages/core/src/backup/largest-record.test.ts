import { describe, expect, test } from '@jest/globals';
import { LARGEST_RECORD, refuseTooLarge } from './largest-record.js';

const KEY = Buffer.from('task:\u001b[2J');

describe('what is saved as one record', () => {
  test('may have 300 MB', () => {
    expect(() => refuseTooLarge(KEY, LARGEST_RECORD)).not.toThrow();
  });

  test('is refused above that by its name, with what to do', () => {
    expect(() => refuseTooLarge(KEY, LARGEST_RECORD + 50_000_000)).toThrow(
      expect.objectContaining({
        code: 'BACKUP',
        message: 'task:�[2J is too large for a backup',
        why: 'it has 350 MB, and a backup holds keys of up to 300 MB',
        hint: expect.stringContaining('without --backup'),
      }),
    );
  });

  test('fits into one line of text', () => {
    const MOST_CHARACTERS = 2 ** 29 - 24; // V8's, on 64 bits
    expect(Math.ceil(LARGEST_RECORD / 3) * 4).toBeLessThan(MOST_CHARACTERS * 0.8);
  });
});
