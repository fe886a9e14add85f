import { describe, expect, test } from '@jest/globals';
import { renderRestoreBackup } from './render.js';
import type { OutcomeCounts, RestoreBackupResult } from './schema.js';

const NONE: OutcomeCounts = { restored: 0, replaced: 0, there: 0, left: 0, expired: 0, refused: 0 };
const RESULT: RestoreBackupResult = {
  backup: {
    file: 'deleted.ndjson',
    tool: 'reset-redis',
    target: 'redis://db:6379/0',
    createdAt: '2026-11-22T15:10:00.000Z',
    redisVersion: '7.4.0',
    complete: true,
  },
  sameTarget: true,
  olderServer: null,
  records: 0,
  outcomes: { tasks: NONE, copies: NONE, members: NONE, entries: NONE, keys: NONE },
  counters: [],
  problemCount: 0,
  problems: [],
};
const TARGET = { host: 'other', port: 6379, database: 1, tls: false, user: null };
const STYLE = { good: (text: string) => text, bad: (text: string) => text, faint: (text: string) => text };

type Ending = Parameters<typeof renderRestoreBackup>[0];
const rendered = (result: Partial<RestoreBackupResult>, ending: Partial<Ending> = {}) =>
  renderRestoreBackup(
    { mode: 'repair', outcome: 'repaired', target: TARGET, ...ending, result: { ...RESULT, ...result } },
    STYLE,
  );

describe('the report', () => {
  test('of a backup of nothing is short', () => {
    expect(rendered({})).toEqual([
      '📦 Backup deleted.ndjson: written by reset-redis at 2026-11-22T15:10:00.000Z',
      '',
      '📊 Records read: 0',
      '',
      '✅ Nothing to restore',
    ]);
  });

  test('warns of another target, an older server, and an end that is missing', () => {
    const backup = { ...RESULT.backup, complete: false };
    expect(rendered({ sameTarget: false, olderServer: '7.0.15', backup }).slice(1, 4)).toEqual([
      '⚠️  It was taken from redis://db:6379/0, and this is redis://other:6379/1',
      '⚠️  It was taken from Redis 7.4.0; this is 7.0.15, which may not be able to read it',
      '⚠️  It is incomplete: the tool that wrote it was cut off. What is in it is dealt with',
    ]);
  });

  test('says what is left of a run that was stopped, in each mode', () => {
    const outcomes = { ...RESULT.outcomes, keys: { ...NONE, restored: 1 }, tasks: { ...NONE, replaced: 2 } };
    const last = (mode: Ending['mode']) => rendered({ outcomes }, { mode, outcome: 'stopped' }).at(-1);
    expect([last('repair'), last('dry-run')]).toEqual([
      '⚠️  Stopped before the end: 2 tasks, 1 key restored. Run it again for the rest.',
      '⚠️  Stopped before the end: 2 tasks, 1 key to restore so far. Run it again for the rest.',
    ]);
  });

  test('shows as done only what is', () => {
    const outcomes = { ...RESULT.outcomes, keys: { ...NONE, restored: 1, left: 1 } };
    const problem = { code: 'differs', key: 'one', detail: null } as const;
    const partial = rendered({ outcomes, problemCount: 1, problems: [problem] }, { outcome: 'partial' });
    expect([rendered({ outcomes }).at(-1), partial.at(-1)]).toEqual([
      '✅ Restored 1 key',
      '⚠️  Restored 1 key',
    ]);
  });

  test('tells both scores of a place in a sorted set', () => {
    const score = { member: 'one', now: '5', backup: '7.5' };
    const problem = { code: 'other-score', key: 'set', detail: null, score } as const;
    expect(rendered({ problemCount: 1, problems: [problem] })).toContain(
      '   - set: one has the score 5 now, 7.5 in the backup; left alone (--replace overwrites it)',
    );
  });

  test('names twenty problems, and brings no control characters to the terminal', () => {
    const problem = { code: 'refused', key: '\u001b[2J', detail: 'ERR \u0007DUMP payload' } as const;
    const lines = rendered({ problemCount: 1_000, problems: Array<typeof problem>(100).fill(problem) });
    expect(
      lines.filter((line) => line.startsWith('   - �[2J: the server cannot read its dump')),
    ).toHaveLength(20);
    expect(lines).toContain('   … and 980 more');
    expect(lines.at(-1)).toBe('❌ Nothing more could be restored');
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
