import { describe, expect, test } from '@jest/globals';
import { judgeAge } from './judge-age.js';

const BEFORE = Date.UTC(2026, 10, 22, 15, 10, 55, 455);

describe('the age of a result', () => {
  test.each([
    ['2026-11-22T15:10:55.454999+00:00', 'older'],
    ['2026-11-22T15:10:55.454999', 'older'],
    ['2026-11-22T16:10:54Z', 'younger'],
    ['2026-11-22T16:10:54+02:00', 'older'],
    ['2026-11-22T15:10:55.455220+00:00', 'younger'],
    ['2027-01-01', 'younger'],
    ['0001-01-01T00:00:00', 'undated'],
    ['', 'undated'],
    ['yesterday', 'undated'],
  ])('of %j is %s', (dateDone, age) => {
    expect(judgeAge(dateDone, BEFORE)).toBe(age);
  });
});
