import { PLAIN_STYLE } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { renderFixCounterSync } from './render.js';
import type { FixCounterSyncResult } from './schema.js';

const TARGET = { host: 'db', port: 6379, database: 1, tls: false, user: null };

type Counter = FixCounterSyncResult['counters'][number];

const counter = (state: Counter['state'], old: number | null, tasks: number): Counter => ({
  state,
  key: `metrics:tasks:state:${state.toLowerCase()}`,
  kind: old === null ? 'missing' : 'integer',
  old: old === null ? null : String(old),
  new: tasks,
  change: tasks - (old ?? 0),
});

const resultOf = (active: Counter, part: Partial<FixCounterSyncResult> = {}): FixCounterSyncResult => ({
  totalTasks: active.new,
  counters: [
    counter('PENDING', 0, 0),
    active,
    counter('COMPLETED', 0, 0),
    counter('FAILED', null, 0),
    counter('SCHEDULED', 0, 0),
    counter('DLQ', 0, 0),
  ],
  changes: active.change === 0 ? [] : [active],
  keepsCounters: true,
  discrepancies: active.change === 0 ? 0 : 1,
  fixed: 0,
  verified: active.change === 0,
  oddKeys: { unknownState: 0, missingState: 0, notAHash: 0, keys: [] },
  ...part,
});

const HEADING = ['🔍 Analyzing Redis task state counters...', '', '📊 Analysis Results:'];
const TABLE = (active: string) => [
  '📈 Counter Values:',
  '   State        Old    New    Change',
  '   ------------ ------ ------ --------',
  '   PENDING      0      0      0',
  `   ACTIVE       ${active}`,
  '   COMPLETED    0      0      0',
  '   FAILED       0      0      0',
  '   SCHEDULED    0      0      0',
  '   DLQ          0      0      0',
  '',
];

const rendered = (result: FixCounterSyncResult, mode: 'repair' | 'dry-run' | 'check' = 'repair') =>
  renderFixCounterSync({ mode, target: TARGET, result }, PLAIN_STYLE);

describe('a report of fix-counter-sync', () => {
  test('of right counters advises to look at the active tasks', () => {
    expect(rendered(resultOf(counter('ACTIVE', 4, 4)))).toEqual([
      ...HEADING,
      '   Total tasks found: 4',
      '',
      ...TABLE('4      4      0'),
      '✅ All counters were already synchronized!',
      '   4 tasks are ACTIVE. If no worker is running them, try fix-stuck-tasks --dry-run.',
    ]);
    expect(rendered(resultOf(counter('ACTIVE', 1, 1))).at(-1)).toBe(
      '   1 task is ACTIVE. If no worker is running it, try fix-stuck-tasks --dry-run.',
    );
  });

  test('of an empty database warns of it, and has no advice', () => {
    expect(rendered(resultOf(counter('ACTIVE', 0, 0)))).toEqual([
      ...HEADING,
      '   Total tasks found: 0',
      '',
      ...TABLE('0      0      0'),
      '⚠️  No task in redis://db:6379/1: if there should be some, check host, port and database number.',
      '',
      '✅ All counters were already synchronized!',
    ]);
  });

  test('of a system without counters says so in one line', () => {
    const counters = resultOf(counter('ACTIVE', null, 3)).counters;
    expect(
      rendered(resultOf(counter('ACTIVE', null, 3), { counters, keepsCounters: false, discrepancies: 0 })),
    ).toEqual([
      ...HEADING,
      '   Total tasks found: 3',
      '',
      'ℹ️  No counter exists, as newer versions of AsyncTaskFlow keep none. To create all six, run initialize-counters.',
    ]);
  });

  test.each([
    ['dry-run', ['DRY RUN: Would fix 1 counter discrepancies:', '   - ACTIVE: -1']],
    ['check', ['❌ Found 1 counter discrepancies:', '   - ACTIVE: -1']],
  ] as const)('of a %s says what is wrong', (mode, lines) => {
    expect(rendered(resultOf(counter('ACTIVE', 4, 3)), mode).slice(5)).toEqual([
      ...TABLE('4      3      -1'),
      ...lines,
    ]);
  });

  test('of a repair lists every write, also two of one counter', () => {
    const [first, second] = [counter('ACTIVE', 4, 3), counter('ACTIVE', 999, 3)];
    const changes = [first, second];
    const result = resultOf(second, { changes, discrepancies: 2, fixed: 2, verified: true });
    expect(rendered(result).slice(-3)).toEqual([
      '✅ Fixed 2 counter discrepancies:',
      '   - ACTIVE: -1',
      '   - ACTIVE: -996',
    ]);
    expect(rendered({ ...result, verified: false }).slice(-2)).toEqual([
      '',
      '⚠️  Not verified: run it again to see whether all counters are right',
    ]);
  });

  test('of a key that is no counter says that nothing could be fixed', () => {
    const list: Counter = { ...counter('ACTIVE', 0, 3), kind: 'wrong-type', old: 'list', change: null };
    expect(rendered(resultOf(list, { changes: [], discrepancies: 1 })).slice(-3)).toEqual([
      '⚠️  Left alone: metrics:tasks:state:active is a list, no counter. Rename or delete it, then run this again.',
      '',
      '❌ Nothing could be fixed',
    ]);
  });
});
