import { PLAIN_STYLE } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { renderRestoreBackup } from './render.js';
import type { OutcomeCounts, Problem, RestoreBackupResult } from './schema.js';

const NONE: OutcomeCounts = { restored: 0, replaced: 0, there: 0, left: 0, expired: 0, refused: 0 };
const RESULT: RestoreBackupResult = {
  backup: {
    file: 'deleted.ndjson',
    tool: 'reset-redis',
    target: 'redis://db:6379/0',
    createdAt: '2026-11-22T15:10:00.000Z',
    server: 'Valkey 9.1.2',
    complete: true,
    checkedFirst: true,
  },
  sameTarget: true,
  server: 'Redis 7.0.15',
  dumpsChecked: true,
  records: 0,
  outcomes: { tasks: NONE, copies: NONE, members: NONE, entries: NONE, keys: NONE },
  notQueued: { before: 0, changed: 0, missing: 0, unreadable: 0 },
  counters: [],
  problemCount: 0,
  problems: [],
};
const TARGET = { host: 'other', port: 6379, database: 1, tls: false, user: null };

type Ending = Parameters<typeof renderRestoreBackup>[0];
const rendered = (result: Partial<RestoreBackupResult>, ending: Partial<Ending> = {}) =>
  renderRestoreBackup(
    { mode: 'repair', outcome: 'repaired', target: TARGET, ...ending, result: { ...RESULT, ...result } },
    PLAIN_STYLE,
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

  test('warns of all that is not as usual', () => {
    const backup = { ...RESULT.backup, complete: false, checkedFirst: false };
    const outcomes = { ...RESULT.outcomes, keys: { ...NONE, refused: 1 } };
    expect(rendered({ sameTarget: false, dumpsChecked: false, outcomes, backup }).slice(1, 6)).toEqual([
      '⚠️  It was taken from redis://db:6379/0, and this is redis://other:6379/1',
      '⚠️  It was taken from Valkey 9.1.2, and this is Redis 7.0.15',
      '⚠️  Unknown whether this server can load its keys: to check it, this user needs the permission to RESTORE',
      '⚠️  It is no regular file: it was verified while it was read, not before the first write',
      '⚠️  It is incomplete: the tool that wrote it was cut off, or a part of the file is missing',
    ]);
  });

  test('says why entries were not queued', () => {
    const notQueued = { before: 1, changed: 2, missing: 3, unreadable: 4 };
    expect(rendered({ notQueued }).slice(3, -2)).toEqual([
      '',
      '⏭️  Not queued: 10',
      '   - 1: the task was there before this restore, so it may have been sent since',
      '   - 2: the task changed since it came back',
      '   - 3: there is no such task',
      '   - 4: the message cannot be read, and not all tasks came back',
      '   If a task waits in no queue, fix-stuck-tasks finds it.',
    ]);
  });

  test('names each problem in its own words', () => {
    const codes: [Problem['code'], string | null][] = [
      ['differs', null],
      ['counter-differs', null],
      ['counter-unsure', null],
      ['queue-exists', null],
      ['refused', 'ERR DUMP payload version'],
      ['wrong-type', 'string'],
      ['not-a-sorted-set', null],
      ['not-a-number', null],
    ];
    const problems = codes.map(([code, detail]) => ({ code, key: 'k', detail }));
    expect(rendered({ problemCount: 8, problems }).slice(4, -2)).toEqual([
      '⚠️  Differs from the backup: 8',
      '   - k: exists and holds something else; left alone (--replace overwrites it)',
      '   - k: exists and holds something else; left alone, because it counts the tasks that exist now',
      '   - k: may count other tasks than those that are there now',
      '   - k: exists; entries that name no task of the backup were left out',
      '   - k: this server cannot load it (ERR DUMP payload version); restore it to a newer server',
      '   - k: is a string, so its entries were left out; rename it and run this again',
      '   - k: is not a sorted set, so a member was left out; rename it and run this again',
      '   - k: is not an integer; it was not changed',
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

  test('tells both scores of a member of a sorted set', () => {
    const score = { member: 'one', now: '5', backup: '7.5' };
    const problem = { code: 'other-score', key: 'set', detail: null, score } as const;
    expect(rendered({ problemCount: 1, problems: [problem] })).toContain(
      '   - set: one has the score 5 now, 7.5 in the backup; left alone (--replace overwrites it)',
    );
  });

  test('names twenty problems, and brings no control characters to the terminal', () => {
    const problem = { code: 'refused', key: '\u001b[2J', detail: 'ERR \u0007DUMP payload' } as const;
    const lines = rendered({ problemCount: 1_000, problems: Array<typeof problem>(100).fill(problem) });
    expect(lines.filter((line) => line.startsWith('   - �[2J: this server cannot load it'))).toHaveLength(20);
    expect(lines).toContain('   … and 980 more');
    expect(lines.at(-1)).toBe('❌ Nothing more could be restored');
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
