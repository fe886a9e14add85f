import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Report, ReportedError } from '../report/report.js';
import { SCHEMA_VERSION } from '../report/schema-version.js';
import { writeReport } from './write-report.js';

type Options = Parameters<typeof writeReport<string[]>>[1];

const TARGET = { host: 'db.example', port: 6379, database: 1, tls: true, user: 'ops' };
const REPORT: Report<string[]> = {
  schemaVersion: SCHEMA_VERSION,
  tool: 'wind-clocks',
  version: '1.2.3',
  mode: 'repair',
  outcome: 'repaired',
  stopReason: null,
  target: TARGET,
  startedAt: '2026-11-22T15:10:00.000Z',
  elapsedMs: 5,
  replicaConfirmation: 'not-needed',
  result: ['hall', 'attic'],
  error: null,
};
const ERROR: ReportedError = {
  code: 'SERVER',
  message: 'the clocks cannot be wound',
  why: 'the key is gone',
  hint: 'Find the key.',
  done: null,
};

/** What is printed on each stream. */
function printed(report: Partial<Report<string[]>>, options: Partial<Options> = {}) {
  const streams = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      streams[name] += String(text);
      return true;
    });
  }
  writeReport(
    { ...REPORT, ...report },
    {
      json: false,
      quiet: false,
      noColor: true,
      stack: undefined,
      repairCommand: 'wind-clocks --all',
      render: ({ result }) => result.map((clock) => `wound: ${clock}`),
      ...options,
    },
  );
  return streams;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a report', () => {
  test('goes to stdout as lines', () => {
    expect(printed({})).toEqual({ stdout: 'wound: hall\nwound: attic\n', stderr: '' });
  });

  test('goes to stdout as one document with --json', () => {
    const { stdout, stderr } = printed({}, { json: true });
    expect(JSON.parse(stdout)).toEqual(REPORT);
    expect(stderr).toBe('');
  });

  test('as JSON loses no control character, and prints none', () => {
    const result = ['\u001b[31m\u009b1m\u007f\u202e\u2028é😀\ud800\n'];
    const { stdout } = printed({ result }, { json: true });
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202e]/u);
    expect(stdout).toContain('é😀');
    expect(JSON.parse(stdout).result).toEqual(result);
  });
});

test('a dry run that found something prints the command that repairs', () => {
  const lines = 'wound: hall\nwound: attic\n';
  expect(printed({ mode: 'dry-run', outcome: 'found' }).stdout).toBe(
    `${lines}\nTo do this, run:\n  wind-clocks --all\n`,
  );
  expect(printed({ mode: 'dry-run', outcome: 'clean' }).stdout).toBe(lines);
  expect(printed({ mode: 'check', outcome: 'found' }).stdout).toBe(lines);
});

describe('on a terminal', () => {
  const long = { result: ['a clock in the hall', 'x'.repeat(40)] };
  const terminal = (columns: number) => {
    Object.assign(process.stdout, { isTTY: true, columns });
    try {
      return printed({ ...long, mode: 'dry-run', outcome: 'found' }).stdout;
    } finally {
      Object.assign(process.stdout, { isTTY: undefined, columns: undefined });
    }
  };

  test('lines wrap at words, a long word and the command stay whole', () => {
    expect(terminal(16)).toBe(
      `wound: a clock\nin the hall\nwound:\n${'x'.repeat(40)}\n\nTo do this, run:\n  wind-clocks --all\n`,
    );
  });

  test('of unknown width, lines stay as they are', () => {
    expect(terminal(0)).toContain('wound: a clock in the hall\n');
  });
});

describe('--quiet', () => {
  test.each([false, true])('prints nothing where nothing is wrong (--json: %s)', (json) => {
    expect(printed({ outcome: 'clean' }, { quiet: true, json })).toEqual({ stdout: '', stderr: '' });
  });

  test.each(['found', 'repaired', 'partial'] as const)('prints the report where it is %s', (outcome) => {
    expect(printed({ outcome }, { quiet: true }).stdout).toContain('wound: hall');
  });

  test('prints errors', () => {
    const { stderr } = printed({ outcome: 'failed', result: null, error: ERROR }, { quiet: true });
    expect(stderr).toContain('cannot be wound');
  });
});

describe('an error', () => {
  const failed = { outcome: 'failed', result: null, error: ERROR } as const;

  test('goes to stderr in three lines: what and where, why, what was done and what to do', () => {
    expect(printed(failed)).toEqual({
      stdout: '',
      stderr:
        '❌ wind-clocks: the clocks cannot be wound (rediss://db.example:6379/1)\n' +
        '   Why: the key is gone\n' +
        '   Nothing was changed. Find the key.\n',
    });
  });

  test('names the target once', () => {
    const message = 'cannot reach Redis at rediss://db.example:6379/1';
    const { stderr } = printed({ ...failed, error: { ...ERROR, message } });
    expect(stderr).toContain(`❌ wind-clocks: ${message}\n`);
  });

  test('says what had been done by then', () => {
    const done = { action: 'written', counts: { counters: 1 }, unconfirmed: 0 } as const;
    const { stderr } = printed({ ...failed, error: { ...ERROR, done } });
    expect(stderr).toContain('   1 counter was written before the failure. Find the key.\n');
  });

  test.each([
    ['after a look only', { mode: 'check' as const }],
    ['beside a result that says what was changed', { result: ['hall'] }],
    ['of usage', { error: { ...ERROR, code: 'USAGE' as const } }],
  ])('%s does not speak of changes', (_, part) => {
    expect(printed({ ...failed, ...part }).stderr).not.toContain('Nothing was changed');
  });

  test('of two lines at least has no empty ones', () => {
    const { stderr } = printed({ ...failed, mode: 'check', error: { ...ERROR, why: null, hint: null } });
    expect(stderr).toBe('❌ wind-clocks: the clocks cannot be wound (rediss://db.example:6379/1)\n');
  });

  test('is cut, and without control characters', () => {
    const { stderr } = printed({
      ...failed,
      error: { ...ERROR, why: `\u001b]0;x\u0007${'y'.repeat(9_999)}` },
    });
    expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(stderr.length).toBeLessThan(700);
  });

  test('is in the document with --json, and nowhere else', () => {
    const { stdout, stderr } = printed(failed, { json: true });
    expect(JSON.parse(stdout).error).toEqual(ERROR);
    expect(stderr).toBe('');
  });

  test('comes with its stack where that is asked for', () => {
    expect(printed(failed, { stack: 'Error: …\n    at clock' }).stderr).toMatch(
      /Find the key\.\nError: …\n {4}at clock\n$/,
    );
  });
});
