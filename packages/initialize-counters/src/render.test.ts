import { PLAIN_STYLE } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { renderInitializeCounters } from './render.js';
import type { InitializeCountersResult } from './schema.js';

type Counter = InitializeCountersResult['counters'][number];

const STATES = ['PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'] as const;
const counter = (state: Counter['state'], old: number | null, tasks: number): Counter => ({
  state,
  key: `metrics:tasks:state:${state.toLowerCase()}`,
  kind: old === null ? 'missing' : 'integer',
  old: old === null ? null : String(old),
  new: tasks,
  change: tasks - (old ?? 0),
});
const all = (old: number | null, tasks: number) => STATES.map((state) => counter(state, old, tasks));

const rendered = (part: Partial<InitializeCountersResult>, mode: 'repair' | 'dry-run' | 'check' = 'repair') =>
  renderInitializeCounters(
    {
      mode,
      target: null,
      result: {
        totalTasks: 6,
        counters: all(1, 1),
        changes: [],
        missing: 0,
        wrong: 0,
        written: 0,
        verified: true,
        oddKeys: { unknownState: 0, missingState: 0, notAHash: 0, keys: [] },
        ...part,
      },
    },
    PLAIN_STYLE,
  );

describe('a report of initialize-counters', () => {
  test('of a run that created all counters', () => {
    const counters = all(null, 1);
    expect(rendered({ counters, changes: counters, missing: 6, written: 6 })).toEqual([
      '🔍 Scanning existing tasks to initialize counters...',
      '',
      '📊 Found 6 total tasks',
      '',
      '📈 Counter Values:',
      '   State        Old     New    Change',
      '   ------------ ------- ------ --------',
      ...STATES.map((state) => `   ${state.padEnd(12)} missing 1      +1`),
      '',
      '✅ Counters initialized successfully!',
      '   Created: 6, corrected: 0, already right: 0',
      '',
      '✅ Verified: the counters equal the tasks',
    ]);
  });

  test('of counters that are right says so', () => {
    expect(rendered({}).at(-1)).toBe('✅ All six counters exist and equal the tasks: nothing to do');
    const counters = [...all(1, 1).slice(0, 5), counter('DLQ', null, 0)];
    expect(rendered({ counters }).at(-1)).toBe(
      '✅ The counters equal the tasks, and each missing one stands for no task: nothing to do',
    );
  });

  test.each([
    ['dry-run', 'DRY RUN: Would create 1 counter and correct 1:'],
    ['check', '❌ To create: 1 counter and correct 1:'],
  ] as const)('of a %s lists what is missing and what is wrong', (mode, line) => {
    const changes = [counter('ACTIVE', 7, 1), counter('DLQ', null, 1)];
    expect(rendered({ changes, missing: 1, wrong: 1 }, mode).slice(-3)).toEqual([
      line,
      '   - ACTIVE: -6',
      '   - DLQ: +1',
    ]);
  });

  test('of a repair that is not verified, or that left a key alone, says so', () => {
    const list: Counter = { ...counter('ACTIVE', 0, 1), kind: 'wrong-type', old: 'list', change: null };
    const dlq = counter('DLQ', 3, 1);
    const counters = [...all(1, 1).slice(0, 1), list, ...all(1, 1).slice(2, 5), dlq];
    const result = { counters, changes: [dlq], wrong: 2, written: 1 };
    expect(rendered(result).slice(-6)).toEqual([
      '⚠️  Left alone: metrics:tasks:state:active is a list, no counter. Rename or delete it, then run this again.',
      '',
      '✅ Counters initialized, but for what was left alone',
      '   Created: 0, corrected: 1, already right: 4',
      '',
      '✅ Verified: the other counters equal the tasks',
    ]);
    expect(rendered({ ...result, verified: false }).at(-1)).toBe(
      '⚠️  Not verified: run it again to see whether all counters are right',
    );
    expect(rendered({ ...result, changes: [], written: 0 }).at(-1)).toBe('❌ No counter could be written');
  });

  test('of a counter that became wrong again says so', () => {
    const changes = [counter('DLQ', 3, 1), counter('DLQ', 9, 1)];
    expect(
      rendered({ counters: [...all(1, 1).slice(0, 5), changes[1]!], changes, wrong: 2, written: 2 }),
    ).toContain('   Became wrong again, corrected: DLQ');
  });
});
