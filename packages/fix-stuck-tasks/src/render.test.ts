import { describe, expect, test } from '@jest/globals';
import { renderFixStuckTasks } from './render.js';
import type { FixStuckTasksResult, KindCounts } from './schema.js';

const STYLE = { good: (text: string) => text, bad: (text: string) => text, faint: (text: string) => text };
const COUNTS: KindCounts = { kind: 'stuck-active', found: 5, repaired: 0, changed: 0, left: 0, reported: 0 };

type Ending = Pick<Parameters<typeof renderFixStuckTasks>[0], 'mode' | 'outcome'>;
const lastLines = (ending: Ending, counts: Partial<KindCounts> = {}) => {
  const result: FixStuckTasksResult = {
    totalTasks: 9,
    defective: 0,
    undecided: null,
    broker: null,
    wrongTypeQueues: [],
    alive: { workers: 1, consumers: 1 },
    oldUnacknowledged: null,
    kinds: [{ ...COUNTS, ...counts }],
    obstructed: 0,
    findings: [],
  };
  const lines = renderFixStuckTasks({ ...ending, target: null, result }, STYLE);
  return lines.slice(lines.lastIndexOf('') + 1);
};

describe('the end of the report', () => {
  test('shows as done only what is', () => {
    expect(lastLines({ mode: 'repair', outcome: 'repaired' }, { repaired: 5 })).toEqual([
      '✅ Repaired 5 of 5',
    ]);
    expect(lastLines({ mode: 'repair', outcome: 'partial' }, { changed: 5 })).toEqual([
      '⚠️  Repaired 0 of 5',
      '   Left alone because they have changed meanwhile: 5',
    ]);
  });

  test('of a look says what a run would do, and of a check that something is wrong', () => {
    expect(lastLines({ mode: 'dry-run', outcome: 'found' })).toEqual(['DRY RUN: Would repair 5 findings']);
    expect(lastLines({ mode: 'check', outcome: 'found' })).toEqual(['❌ 5 findings to repair']);
  });
});
