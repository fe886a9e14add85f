import { describe, expect, test } from '@jest/globals';
import { readDate, separatorPosition } from './iso-date.js';

const dayOf = (text: string) => {
  const date = readDate(text, separatorPosition(text));
  return date && new Date(date.epochMs).toISOString().slice(0, 10);
};

describe('readDate', () => {
  test('reads the extended, the basic and the week forms of one day alike', () => {
    for (const text of ['2026-11-22', '20261122', '2026-W47-7', '2026W477']) {
      expect(dayOf(text)).toBe('2026-11-22');
    }
  });

  test('takes a week without a day for its Monday', () => {
    expect(dayOf('2026-W47')).toBe('2026-11-16');
    expect(dayOf('2026W47')).toBe('2026-11-16');
  });

  test('knows leap years', () => {
    expect(dayOf('2024-02-29')).toBe('2024-02-29');
    expect(dayOf('2000-02-29')).toBe('2000-02-29');
    expect(dayOf('1900-02-29')).toBeUndefined();
    expect(dayOf('2023-02-29')).toBeUndefined();
  });

  test('knows which years have 53 weeks', () => {
    expect(dayOf('2020-W53-7')).toBe('2021-01-03');
    expect(dayOf('2021-W53-1')).toBeUndefined();
  });

  test('keeps to the years 1 to 9999', () => {
    expect(dayOf('0001-W01-1')).toBe('0001-01-01');
    expect(dayOf('0000-12-31')).toBeUndefined();
    expect(dayOf('9999-W52-5')).toBe('9999-12-31');
    expect(dayOf('9999-W52-6')).toBeUndefined();
  });
});

describe('separatorPosition', () => {
  test('takes a hyphen after a week for the separator where two digits follow', () => {
    expect(separatorPosition('2026-W47-10:30')).toBe(8);
    expect(separatorPosition('2026-W47-1T10:30')).toBe(10);
  });

  test('tells a week day from an hour by the number of digits', () => {
    expect(separatorPosition('2026W471')).toBe(8);
    expect(separatorPosition('2026W47T10')).toBe(7);
  });
});
