import { describe, expect, test } from '@jest/globals';
import { ageOfBeat, isFresh } from './heartbeats.js';

const NOW = new Date('2026-11-22T15:10:00Z');
const beat = (ageSeconds: number, expiresInMs = -1) => ({
  value: String(NOW.getTime() / 1000 - ageSeconds),
  expiresInMs,
});

describe('a worker is taken for alive where its heartbeat', () => {
  test.each([
    ['is 90 s old', beat(90), true],
    ['is 91 s old and does not expire', beat(91), false],
    ['is 91 s old by this clock, but the server has set it less than 90 s ago', beat(91, 60_000), true],
    ['is ahead of this clock by a minute', beat(-60), true],
    ['is of another year', beat(-40_000_000), false],
    ['is unreadable, and expires soon', { value: 'x', expiresInMs: 1 }, true],
    ['is unreadable, and does not expire', { value: 'x', expiresInMs: -1 }, false],
    ['is old, and expires in an hour', beat(3_600, 3_600_000), false],
    ['is empty', { value: '', expiresInMs: -1 }, false],
  ])('%s: %j is %s', (_, heartbeat, fresh) => {
    expect(isFresh(heartbeat, NOW)).toBe(fresh);
  });
});

test.each([
  [beat(5), 5_000],
  [{ value: '1795360200.25', expiresInMs: -1 }, NOW.getTime() - 1_795_360_200_250],
  [{ value: ' ', expiresInMs: -1 }, null],
  [{ value: 'Infinity', expiresInMs: -1 }, null],
  [{ value: '9'.repeat(30), expiresInMs: -1 }, null],
  [{ value: '-1e300', expiresInMs: -1 }, null],
])('the age of %j is %j ms', (heartbeat, age) => {
  expect(ageOfBeat(heartbeat, NOW)).toBe(age);
});
