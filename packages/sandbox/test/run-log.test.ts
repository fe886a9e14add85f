import { describe, expect, test } from '@jest/globals';
import { type RunEvent, RunLog } from '../src/index.js';

/** What the log says of the task `t` after these events; `started by w1` names the worker. */
function judged(events: string, allowance = 0): string[] {
  const log = new RunLog();
  if (allowance > 0) log.allow('t', allowance);
  for (const entry of events.split(', ')) {
    const [event, by] = entry.split(' by ') as [RunEvent, string | undefined];
    log.note('t', event, by);
  }
  return log.violations().map((sentence) => sentence.replace(/: \d+ ms .*/, ''));
}

describe('a run log finds nothing wrong', () => {
  test.each([
    ['in a life without trouble', 'created, popped, started by w1, completed by w1'],
    [
      'in a task that failed twice',
      'started by a, rescheduled by a, started by b, dead by b, retried, started by c',
    ],
    ['in a task put back after its worker was killed', 'created, started by a, killed by a, started by b'],
    ['in a message put back after it was lost', 'created, popped, lost, popped, lost, popped, started by a'],
    ['in a message of a task that was deleted', 'created, popped, deleted, dropped'],
    ['in a task that ran before, and was killed', 'taken over by a, rescheduled by a, started by b'],
    ['in a dead task that the API tried again', 'retried, popped, started by a, completed by a'],
  ])('%s', (_what, events) => {
    expect(judged(events)).toEqual([]);
  });

  test('in a task that was queued twice from the start, where that is excused', () => {
    const events = 'popped, popped, started by a, completed by a, dropped';
    expect(judged(events)).toHaveLength(1);
    expect(judged(events, 1)).toEqual([]);
  });
});

describe('a run log finds', () => {
  test('two workers at one task', () => {
    expect(judged('created, started by a, started by b, completed by a, completed by b')).toEqual([
      't was started by b while a still ran it',
      't was completed 2 times',
      't was started 2 times where 1 were due',
    ]);
  });

  test('a task taken from a worker that lives', () => {
    expect(judged('created, started by a, taken away by a found it PENDING')).toEqual([
      't was taken from a live worker that ran it: a found it PENDING',
    ]);
  });

  test('a task that was put back though it was not lost, though its message was dropped', () => {
    expect(judged('created, popped, started by a, completed by a, popped, dropped by COMPLETED')).toEqual([
      't was put back though it was not lost (2 messages where 1 were due)',
    ]);
    expect(judged('popped, lost, popped, started by a, popped, dropped by a worker runs it')).toHaveLength(1);
  });

  test('a start too many, of a task that was dead', () => {
    const events = 'retried, started by a, completed by a, started by b, dead by b';
    expect(judged(events)).toEqual(['t was started 2 times where 1 were due']);
  });
});
