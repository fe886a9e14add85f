import { describe, expect, test } from '@jest/globals';
import { emptyCounts, type OddKey } from '../model/task-counts.js';
import { oddKeyLines, type ReportedOddKeys, reportedOddKeys } from './odd-keys.js';

const odd = (part: Partial<ReportedOddKeys>) =>
  oddKeyLines({ unknownState: 0, missingState: 0, notAHash: 0, keys: [], ...part });

const stateless = (count: number): OddKey[] =>
  Array.from({ length: count }, (_, i) => ({ key: `task:${i}`, observedState: 'missing-state', label: '' }));

describe('keys in no counter', () => {
  test('have no lines if there are none', () => {
    expect(odd({})).toEqual([]);
  });

  test('are counted by their kind, and named with what is odd about them', () => {
    const keys: OddKey[] = [
      { key: 'task:1', observedState: 'unknown-state', label: 'ARCHIVED' },
      { key: 'task:2', observedState: 'missing-state', label: '' },
      { key: 'task:3', observedState: 'not-a-hash', label: 'list' },
    ];
    expect(odd({ unknownState: 1, missingState: 1, notAHash: 1, keys })).toEqual([
      '⚠️  In no counter:',
      '   Tasks with an unknown state: 1',
      '   Tasks without a state: 1',
      '   Keys that are no task hash: 1',
      '   - task:1: state "ARCHIVED"',
      '   - task:2: no state',
      '   - task:3: no hash, but a list',
    ]);
  });

  test('are named up to twenty; the others are counted', () => {
    expect(odd({ missingState: 20, keys: stateless(20) })).toHaveLength(22);
    const lines = odd({ missingState: 1_000, keys: stateless(100) });
    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toBe('   … and 980 more');
  });

  test('bring no control characters to the terminal, and are cut', () => {
    const keys: OddKey[] = [
      {
        key: `task:\u001b[2J${'x'.repeat(500)}`,
        observedState: 'unknown-state',
        label: '\u0007\u202e'.repeat(40),
      },
    ];
    const line = odd({ unknownState: 1, keys }).at(-1)!;
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(line.length).toBeLessThan(200);
  });
});

test('the keys in no counter are counted by their kind, and some have their names', () => {
  const keys = stateless(1);
  expect(reportedOddKeys({ ...emptyCounts(), missingState: 1 }, keys)).toEqual({
    unknownState: 0,
    missingState: 1,
    notAHash: 0,
    keys,
  });
});
