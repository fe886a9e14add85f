import { describe, expect, test } from '@jest/globals';
import { readTime } from './iso-time.js';

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const timeOf = (text: string) => readTime(text, 0);

describe('readTime', () => {
  test('reads hours, minutes and seconds with and without colons', () => {
    expect(timeOf('15')).toEqual({ sinceMidnight: 15 * HOUR, offset: undefined });
    expect(timeOf('15:00:01')).toEqual({ sinceMidnight: 15 * HOUR + SECOND, offset: undefined });
    expect(timeOf('150001')).toEqual(timeOf('15:00:01'));
    expect(timeOf('15:0001')).toBeUndefined();
  });

  test('cuts a fraction to microseconds', () => {
    expect(timeOf('00:00:00.1234569')?.sinceMidnight).toBe(123_456);
    expect(timeOf('00:00:00,5')?.sinceMidnight).toBe(500_000);
    expect(timeOf('00:00:00.')).toBeUndefined();
  });

  test('reads zones of less than 24 hours', () => {
    expect(timeOf('00Z')?.offset).toBe(0);
    expect(timeOf('00+05:30')?.offset).toBe(5.5 * HOUR);
    expect(timeOf('00-23:59:59.999999')?.offset).toBe(1 - 24 * HOUR);
    expect(timeOf('00+24:00')).toBeUndefined();
    expect(timeOf('00z')).toBeUndefined();
  });

  test('has no 24th hour and no leap second', () => {
    expect(timeOf('24:00')).toBeUndefined();
    expect(timeOf('23:59:60')).toBeUndefined();
  });
});
