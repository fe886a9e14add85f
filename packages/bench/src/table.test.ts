import { describe, expect, test } from '@jest/globals';
import { compareWithFloor } from './floor.js';
import { withTable } from './readme.js';
import { atLeast, atMost, judgedGoals, type Result } from './result.js';
import { growthGoals } from './rows/goals.js';
import { markdownTable } from './table.js';

const ROW: Result = {
  what: 'wind-clocks --dry-run',
  tasks: 1_000_000,
  seconds: 4.4567,
  plainRatio: 15.04,
  cliRatio: null,
  floorRatio: 1.316,
  peakMb: 98.4,
  ping: { p99: 3.21, max: 12.9 },
  idlePing: { p99: 1.84, max: 4 },
  goals: [atMost('within 1.4 × the floor', 1.316, 1.4), atLeast('20 × faster', 15.04, 20)],
};

describe('the table', () => {
  test('has a row of all that was measured', () => {
    expect(markdownTable([ROW]).split('\n')[2]).toBe(
      '| wind-clocks --dry-run | 1,000,000 | 4.46 | 15.0 × | n/a | 1.32 × | 98 | 3.2 / 12.9 (1.8 / 4.0) | ✅ within 1.4 × the floor; ❌ 20 × faster |',
    );
  });

  test('leaves out what was not', () => {
    const row = { what: '--help', tasks: 0, seconds: 0.1304, note: 'the floor is node', goals: [] };
    expect(markdownTable([row]).split('\n')[2]).toBe(
      '| --help (the floor is node) | 0 | 0.130 |  |  |  |  |  |  |',
    );
  });

  test('has as many columns in every line', () => {
    const columns = markdownTable([ROW, ROW])
      .split('\n')
      .map((line) => line.split('|').length);
    expect(new Set(columns).size).toBe(1);
  });
});

describe('a goal', () => {
  test('is not reached by what was not measured', () => {
    expect([atMost('', undefined, 5).reached, atLeast('', undefined, 5).reached]).toEqual([false, false]);
  });

  test('of growth compares time and memory for each task', () => {
    const small = { tasks: 100_000, seconds: 1, peakMb: 80 };
    const goals = growthGoals({ tasks: 1_000_000, seconds: 12, peakMb: 88 }, small);
    expect(goals.map(({ text, reached }) => [text, reached])).toEqual([
      ['memory as at 100,000, within 15 %: 1.10 ×', true],
      ['time a task as at 100,000, within 15 %: 1.20 ×', false],
    ]);
  });
});

describe('a floor', () => {
  const pair = (seconds: number, cpuSeconds: number) => ({ seconds, cpuSeconds });

  test('that had its processor is compared with', () => {
    expect(compareWithFloor([4, 5, 4], [pair(3, 2.9), pair(3, 2.95), pair(3.2, 3)])).toMatchObject({
      floorRatio: 4 / 3,
      disturbed: false,
    });
  });

  test('that waited for others is marked as disturbed, whatever the ratio', () => {
    expect(compareWithFloor([6, 6], [pair(4, 2), pair(5, 2)]).disturbed).toBe(true);
  });

  test('that is slower than the tool was disturbed: the tool does all that it does', () => {
    expect(compareWithFloor([6, 6], [pair(11, 11), pair(12, 12)]).disturbed).toBe(true);
  });

  test('that was disturbed leaves goals of time unjudged, and those of memory judged', () => {
    const goals = [atMost('within 1.4 × the floor', 0.5, 1.4), atMost('peak under 130 MB', 80, 130)];
    expect(judgedGoals(goals, true).map(({ reached }) => reached)).toEqual([undefined, true]);
    const table = markdownTable([{ ...ROW, disturbed: true, goals: judgedGoals(goals, true) }]);
    expect(table).toContain('| 1.32 ×, disturbed |');
    expect(table).toContain('❔ within 1.4 × the floor; ✅ peak under 130 MB');
  });
});

describe('the README', () => {
  test('gets the table between its markers, and nowhere else', () => {
    const readme = 'before\n<!-- bench -->\nold $& table\n<!-- /bench -->\nafter\n';
    expect(withTable(readme, 'new $& table')).toBe(
      'before\n<!-- bench -->\n\nnew $& table\n\n<!-- /bench -->\nafter\n',
    );
  });

  test('without markers is an error', () => {
    expect(() => withTable('nothing', 'table')).toThrow('<!-- bench -->');
  });
});
