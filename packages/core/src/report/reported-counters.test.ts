import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CounterRow } from '../counting/compare-counters.js';
import type { StateCounter } from '../model/counters.js';
import {
  changeLine,
  changeText,
  counterTable,
  reportedCounter,
  wrongTypeCounterLines,
} from './reported-counters.js';

const rowOf = (old: StateCounter, tasks: number): CounterRow => {
  const value = old.kind === 'integer' ? old.value : old.kind === 'missing' ? 0n : undefined;
  const change = value === undefined ? undefined : BigInt(tasks) - value;
  return { state: 'ACTIVE', key: 'metrics:tasks:state:active', old, tasks, change };
};
const counter = (old: StateCounter, tasks: number) => reportedCounter(rowOf(old, tasks));
const integer = (value: bigint | number): StateCounter => ({ kind: 'integer', value: BigInt(value) });
const text = (value: string): StateCounter => ({ kind: 'text', bytes: Buffer.from(value, 'latin1') });
const MISSING: StateCounter = { kind: 'missing' };
const LIST: StateCounter = { kind: 'wrong-type', type: 'list' };

describe('a counter in a report', () => {
  test.each([
    ['a number', integer(4), { kind: 'integer', old: '4', new: 3, change: -1 }],
    ['a negative number', integer(-7), { kind: 'integer', old: '-7', new: 3, change: 10 }],
    ['missing', MISSING, { kind: 'missing', old: null, new: 3, change: 3 }],
    ['text', text(' abc'), { kind: 'text', old: ' abc', new: 3, change: null }],
    ['bytes', text('\xff\x00'), { kind: 'text', old: '\\xff\u0000', new: 3, change: null }],
    ['a list', LIST, { kind: 'wrong-type', old: 'list', new: 3, change: null }],
  ])('shows %s as it was', (_, old, shown) => {
    expect(counter(old, 3)).toEqual({ state: 'ACTIVE', key: 'metrics:tasks:state:active', ...shown });
  });

  test('is cut if it has megabytes', () => {
    expect(counter(text('x'.repeat(5_000_000)), 3).old).toHaveLength(1_000);
  });
});

describe('the change', () => {
  test.each([
    [integer(3), '0'],
    [integer(1), '+2'],
    [integer(4), '-1'],
    [integer(-1), '+4'],
    [MISSING, '+3'],
    [text('abc'), 'reset'],
    [LIST, '-'],
  ])('from %j to 3 is %s', (old, change) => {
    expect(changeText(counter(old, 3))).toBe(change);
  });

  test('is exact for any number that Redis can count with', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 18n }), fc.nat(), (old, tasks) => {
        expect(BigInt(changeText(counter(integer(old), tasks)))).toBe(BigInt(tasks) - old);
      }),
    );
  });

  test.each([
    [integer(4), '   - ACTIVE: -1'],
    [integer(1), '   - ACTIVE: +2'],
    [text(''), '   - ACTIVE: "" -> 3'],
    [text(' 12'), '   - ACTIVE: " 12" -> 3'],
    [text('\x1b[2Jabc'), '   - ACTIVE: "�[2Jabc" -> 3'],
  ])('in a list, from %j to 3', (old, line) => {
    expect(changeLine(counter(old, 3))).toBe(line);
  });
});

describe('the table of counters', () => {
  const drawn = (old: StateCounter, tasks: number, missingIsZero = true) =>
    counterTable([counter(old, tasks)], { missingIsZero });

  test('has the layout that scripts of operators read', () => {
    expect(drawn(integer(1), 0)).toEqual([
      '   State        Old    New    Change',
      '   ------------ ------ ------ --------',
      '   ACTIVE       1      0      -1',
    ]);
  });

  test('shows a missing counter without tasks as the 0 that it stands for, or as missing', () => {
    expect(drawn(MISSING, 0)[2]).toBe('   ACTIVE       0      0      0');
    expect(drawn(MISSING, 0, false)[2]).toBe('   ACTIVE       missing 0      0');
  });

  test('shows a missing counter with tasks as missing', () => {
    expect(drawn(MISSING, 3)[2]).toBe('   ACTIVE       missing 3      +3');
  });

  test.each([
    [text(''), '   ACTIVE       ""     3      reset'],
    [text('abc'), '   ACTIVE       abc    3      reset'],
    [LIST, '   ACTIVE       (list) 3      -'],
    [text('\x1b[2J'), '   ACTIVE       �[2J   3      reset'],
  ])('shows what is no number as it is: %j', (old, line) => {
    expect(drawn(old, 3)[2]).toBe(line);
  });

  test('grows with a long value, and cuts a very long one', () => {
    expect(drawn(integer(12_345_678_901n), 3)).toEqual([
      '   State        Old         New    Change',
      '   ------------ ----------- ------ ------------',
      '   ACTIVE       12345678901 3      -12345678898',
    ]);
    expect(drawn(text('x'.repeat(9_999)), 3)[2]).toBe(`   ACTIVE       ${'x'.repeat(23)}… 3      reset`);
  });
});

test('a counter that is something else is named, with what to do', () => {
  expect(wrongTypeCounterLines([counter(integer(1), 3), counter(LIST, 3)])).toEqual([
    '⚠️  Left alone: metrics:tasks:state:active is a list, no counter. Rename or delete it, then run this again.',
  ]);
});
