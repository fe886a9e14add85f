import { describe, expect, test } from '@jest/globals';
import type { StateCounter } from '../model/counters.js';
import { emptyCounts } from '../model/task-counts.js';
import { perState, TASK_STATES } from '../model/task-states.js';
import { type CounterRow, compareCounters, isDrifted, isSameDrift } from './compare-counters.js';

const integer = (value: number | bigint): StateCounter => ({ kind: 'integer', value: BigInt(value) });
const text = (bytes: string): StateCounter => ({ kind: 'text', bytes: Buffer.from(bytes) });
const MISSING: StateCounter = { kind: 'missing' };
const LIST: StateCounter = { kind: 'wrong-type', type: 'list' };

/** Six rows: the ACTIVE counter as given, the others missing and right. */
function rowsOf(active: StateCounter, tasks: number): CounterRow[] {
  const counts = emptyCounts();
  counts.states.ACTIVE = tasks;
  return compareCounters({ counts, counters: perState((state) => (state === 'ACTIVE' ? active : MISSING)) });
}
const active = (counter: StateCounter, tasks: number) => rowsOf(counter, tasks)[1]!;

describe('comparing', () => {
  test('gives a row for each state in its order, with its key', () => {
    const rows = rowsOf(integer(4), 3);
    expect(rows.map(({ state }) => state)).toEqual([...TASK_STATES]);
    expect(rows[1]).toEqual({
      state: 'ACTIVE',
      key: 'metrics:tasks:state:active',
      old: integer(4),
      tasks: 3,
      change: -1n,
    });
  });

  test.each([
    ['equal', integer(3), 3, 0n],
    ['too low', integer(-2), 3, 5n],
    ['as large as can be', integer(2n ** 63n - 1n), 3, 4n - 2n ** 63n],
    ['missing', MISSING, 3, 3n],
    ['missing without tasks', MISSING, 0, 0n],
    ['no number', text('abc'), 3, undefined],
    ['another type', LIST, 3, undefined],
  ])('finds what to add to a counter that is %s', (_, counter, tasks, change) => {
    expect(active(counter, tasks).change).toBe(change);
  });
});

describe('a drift', () => {
  test.each([
    [integer(3), 3, false],
    [integer(4), 3, true],
    [MISSING, 0, false],
    [MISSING, 3, true],
    [text('3'), 3, true],
    [text(''), 0, true],
    [LIST, 0, true],
  ])('of %j against %i tasks is there: %s', (counter, tasks, drifted) => {
    expect(isDrifted(active(counter, tasks))).toBe(drifted);
  });

  test.each([
    ['counter and tasks have moved together', rowsOf(integer(4), 3), rowsOf(integer(9), 8)],
    ['a missing counter has been made by a worker', rowsOf(MISSING, 2), rowsOf(integer(1), 3)],
    ['a text has stayed', rowsOf(text('abc'), 3), rowsOf(text('abc'), 4)],
    ['a key of another type has stayed', rowsOf(LIST, 3), rowsOf(LIST, 4)],
  ])('is the same if %s', (_, first, second) => {
    expect(isSameDrift(first, second)).toBe(true);
  });

  test.each([
    ['the counter has moved alone', rowsOf(integer(4), 3), rowsOf(integer(5), 3)],
    ['the tasks have moved alone', rowsOf(integer(4), 3), rowsOf(integer(4), 4)],
    ['a text has become another', rowsOf(text('abc'), 3), rowsOf(text('abd'), 3)],
    ['a text has become a number', rowsOf(text('abc'), 3), rowsOf(integer(3), 3)],
  ])('is different if %s', (_, first, second) => {
    expect(isSameDrift(first, second)).toBe(false);
  });
});
