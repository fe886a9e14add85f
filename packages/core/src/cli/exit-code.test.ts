import { describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../errors.js';
import type { Report } from '../report/report.js';
import { exitCodeOf, exitCodesHelp } from './exit-code.js';

type Ending = Parameters<typeof exitCodeOf>[0];

const ending = (part: Partial<Ending>) =>
  exitCodeOf({
    mode: 'repair',
    outcome: 'clean',
    stopReason: null,
    error: null,
    replicaConfirmation: 'not-needed',
    ...part,
  });

const withError = (code: ErrorCode): Pick<Report<unknown>, 'outcome' | 'error'> => ({
  outcome: 'failed',
  error: { code, message: 'it failed', why: null, hint: null, done: null },
});

describe('the exit code is', () => {
  test('0 where nothing is wrong, in each mode', () => {
    expect((['repair', 'dry-run', 'check', 'inspect'] as const).map((mode) => ending({ mode }))).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('0 where all is repaired, and where a dry run found something', () => {
    expect(ending({ outcome: 'repaired' })).toBe(0);
    expect(ending({ mode: 'dry-run', outcome: 'found' })).toBe(0);
    expect(ending({ mode: 'inspect', outcome: 'found' })).toBe(0);
  });

  test('1 where a check found something, and where a part was left', () => {
    expect(ending({ mode: 'check', outcome: 'found' })).toBe(1);
    expect(ending({ outcome: 'partial' })).toBe(1);
  });

  test('1 for --max-runtime, 129 for SIGHUP, 130 for SIGINT, 143 for SIGTERM, whatever error came of it', () => {
    expect(ending({ outcome: 'stopped', stopReason: 'MAX_RUNTIME' })).toBe(1);
    expect(ending({ ...withError('CONNECTION_LOST'), stopReason: 'SIGINT' })).toBe(130);
    expect(ending({ outcome: 'stopped', stopReason: 'SIGHUP' })).toBe(129);
    expect(ending({ outcome: 'stopped', stopReason: 'SIGTERM' })).toBe(143);
  });

  test('2 for a usage error', () => {
    expect(ending(withError('USAGE'))).toBe(2);
  });

  test.each(['NOT_CONFIRMED', 'GUARD', 'UNSTABLE'] as const)('3 where it is refused: %s', (code) => {
    expect(ending(withError(code))).toBe(3);
  });

  test.each([
    'UNREACHABLE',
    'TIMEOUT',
    'TLS',
    'AUTH',
    'NO_PERMISSION',
    'READ_ONLY',
    'CONNECTION_LOST',
    'SERVER',
  ] as const)('4 where Redis is the matter: %s', (code) => {
    expect(ending(withError(code))).toBe(4);
  });

  test('1 for a backup that cannot be used, and 70 for an error that nobody foresaw', () => {
    expect(ending(withError('BACKUP'))).toBe(1);
    expect(ending(withError('INTERNAL'))).toBe(70);
  });
});

test('the help names each of them', () => {
  for (const code of [0, 1, 2, 3, 4, 70, 129, 130, 143])
    expect(exitCodesHelp({}).join()).toMatch(new RegExp(`\\b${code}\\b`));
  expect(exitCodesHelp({ readOnly: true }).slice(0, 4)).toEqual([
    'Exit codes:',
    '  0    the answer is complete',
    '  1    part of the work could not be done',
    '  2    usage error',
  ]);
  expect(exitCodesHelp({ readOnly: true }).join()).not.toMatch(/--check|another tool|dry run/);
});

test.each([
  ['not-needed', 0],
  ['confirmed', 0],
  ['unknown', 0],
  ['failed', 1],
  ['not-permitted', 1],
] as const)('a repair whose confirmation by a replica is %s exits with %p', (replicaConfirmation, code) => {
  expect(ending({ outcome: 'repaired', replicaConfirmation })).toBe(code);
});
