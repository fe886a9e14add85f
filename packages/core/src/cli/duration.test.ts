import { describe, expect, test } from '@jest/globals';
import { parseDuration } from './duration.js';

describe('a duration', () => {
  test.each([
    ['1s', 1_000],
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['36500d', 3_153_600_000_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text, '--max-runtime')).toBe(ms);
  });

  test.each([
    '',
    '0s',
    '15',
    'm',
    '15 m',
    ' 15m',
    '15m\n',
    '-1m',
    '1.5h',
    '1h30m',
    '15M',
    '15ms',
    '1e3s',
    '٣s',
    '36501d',
    '999999999h',
  ])('%j is a usage error that names the flag', (text) => {
    expect(() => parseDuration(text, '--older-than')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: '--older-than is not a duration',
        hint: expect.stringContaining('90s, 15m, 2h or 7d'),
      }),
    );
  });
});
