import { describe, expect, test } from '@jest/globals';
import { styleFor } from './style.js';

const TERMINAL = { isTTY: true };
const COLOURED = '\u001b[32mfine\u001b[39m';

describe('colour', () => {
  test('is used on a terminal', () => {
    expect(styleFor(TERMINAL, false, { TERM: 'xterm' }).good('fine')).toBe(COLOURED);
  });

  test.each([
    ['in a pipe', {}, false, {}],
    ['with --no-color', TERMINAL, true, {}],
    ['with NO_COLOR', TERMINAL, false, { NO_COLOR: '1' }],
    ['on a dumb terminal', TERMINAL, false, { TERM: 'dumb' }],
  ])('is not used %s, whatever else wants it', (_, stream, noColor, env) => {
    const { good, bad, faint } = styleFor(stream, noColor, { FORCE_COLOR: '1', ...env });
    expect([good, bad, faint].map((paint) => paint('fine'))).toEqual(['fine', 'fine', 'fine']);
  });

  test('stays where NO_COLOR is empty, as its convention has it', () => {
    expect(styleFor(TERMINAL, false, { NO_COLOR: '' }).good('fine')).toBe(COLOURED);
  });
});
