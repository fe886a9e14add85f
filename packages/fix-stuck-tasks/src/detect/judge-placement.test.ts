import { judgedFields, type Locations } from '@atf/core';
import { describe, expect, test } from '@jest/globals';
import { settingsOf } from '../options.js';
import type { Beat, TaskReading } from '../read/read-tasks.js';
import { type JudgeContext, judgePlacement } from './judge-placement.js';

const NOW = new Date('2026-11-22T16:00:00Z');
const NOWHERE: Locations = { primary: false, retry: false, dlq: false, scheduled: false, broker: false };
const CONTEXT: JudgeContext = {
  locations: NOWHERE,
  broker: 'read',
  hasConsumer: true,
  now: NOW,
  settings: settingsOf({}),
};
const HOUR_AGO = '2026-11-22T15:00:00';

interface Drawn extends Partial<TaskReading> {
  values?: Record<string, string>;
}

function reading(
  state: NonNullable<TaskReading['state']>,
  { values = {}, ...rest }: Drawn = {},
): TaskReading {
  const all: Record<string, string> = {
    task_id: 'one',
    state,
    created_at: HOUR_AGO,
    updated_at: HOUR_AGO,
    retry_count: '0',
    max_retries: '3',
    ...values,
  };
  return {
    key: Buffer.from('task:one'),
    id: Buffer.from('one'),
    state,
    fields: judgedFields((field) => all[field] ?? null),
    worker: Buffer.from('w'),
    beat: { kind: 'none' },
    score: undefined,
    fingerprint: 'f',
    ...rest,
  };
}

const judge = (task: TaskReading, context: Partial<JudgeContext> = {}) =>
  judgePlacement(task, { ...CONTEXT, ...context });
const seen = (...queues: (keyof Locations)[]): Partial<JudgeContext> => ({
  locations: { ...NOWHERE, ...Object.fromEntries(queues.map((queue) => [queue, true])) },
});
const beat = (ageSeconds: number, expiresInMs = -1): Beat => ({
  kind: 'string',
  bytes: Buffer.from(String(NOW.getTime() / 1000 - ageSeconds)),
  expiresInMs,
});

const WORKER = Buffer.from('celery-host-7');
const started = (drawn: Drawn) => reading('ACTIVE', { ...drawn, values: { started_at: HOUR_AGO } });

test('an ACTIVE task of the future is reported, one of a clock that is a little ahead is not', () => {
  const active = (updated_at: string) => judge(reading('ACTIVE', { values: { updated_at } }));
  expect(active('2026-11-22T16:01:01')).toMatchObject({ kind: 'future-active', repair: null });
  expect(active('2026-11-22T16:00:59')).toBeUndefined();
});

test('a PENDING task is reported if it is queued and sent, whatever its age, or if no consumer is alive', () => {
  const young = reading('PENDING', { values: { updated_at: '2026-11-22T15:59:59' } });
  const queue = 'tasks:pending:retry';
  expect(judge(young, seen('retry', 'broker'))).toMatchObject({
    kind: 'queued-and-sent',
    queue,
    repair: null,
  });
  const alone = { ...seen('retry'), hasConsumer: false };
  expect(judge(reading('PENDING'), alone)).toMatchObject({ kind: 'not-consumed', queue, repair: null });
  expect(judge(young, alone)).toBeUndefined();
});

describe('an ACTIVE task is stuck', () => {
  test('where it is old and its worker has no heartbeat', () => {
    expect(judge(reading('ACTIVE'))).toMatchObject({
      kind: 'stuck-active',
      repair: 'retry',
      queue: 'tasks:pending:retry',
      age: 3_600_000,
    });
  });

  test.each<[string, TaskReading, Partial<JudgeContext>]>([
    ['it has started lately', reading('ACTIVE', { values: { started_at: '2026-11-22T15:50:00' } }), {}],
    ['it was changed 15 min ago', reading('ACTIVE', { values: { updated_at: '2026-11-22T15:45:00' } }), {}],
    ['its worker beats', reading('ACTIVE', { beat: beat(80) }), {}],
    ['its heartbeat expires soon', reading('ACTIVE', { beat: beat(4_000, 30_000) }), {}],
    [
      'its beat is no number',
      reading('ACTIVE', { beat: { ...beat(0), bytes: Buffer.from('x') } as Beat }),
      {},
    ],
    ['its heartbeat is no string', reading('ACTIVE', { beat: { kind: 'wrong-type' } }), {}],
    ['a message names it', reading('ACTIVE'), seen('broker')],
    ['no date of it can be read', reading('ACTIVE', { values: { updated_at: '?', created_at: '?' } }), {}],
    ['its worker beat just before it', started({ worker: WORKER, beat: beat(3_599.5, 30_000) }), {}],
    ['a consumer beats', started({ worker: Buffer.from('worker-h-1-0123abcd'), beat: beat(5) }), {}],
    ['its worker has no usual name', started({ worker: Buffer.from('w'), beat: beat(5) }), {}],
    ['its start is not known', reading('ACTIVE', { worker: WORKER, beat: beat(5) }), {}],
  ])('not where %s', (_, task, context) => {
    expect(judge(task, context)).toBeUndefined();
  });

  test.each<[string, TaskReading]>([
    ['names no worker', reading('ACTIVE', { worker: null })],
    ['has a worker whose last beat is old', reading('ACTIVE', { beat: beat(4_000) })],
    ['has only created_at to tell its age', reading('ACTIVE', { values: { updated_at: '' } })],
    ['has a worker that has sent a heartbeat since', started({ worker: WORKER, beat: beat(5) })],
  ])('where it %s', (_, task) => {
    expect(judge(task)?.kind).toBe('stuck-active');
  });

  test.each([
    ['3', '3', 'give-up'],
    ['4', '3', 'give-up'],
    ['2', '3', 'retry'],
    ['-2', '3', 'retry'],
    ['abc', 'abc', 'retry'],
    ['3', '', 'give-up'],
    ['0', '0', 'give-up'],
    ['7', '10', 'retry'],
  ])('and after %s of %s attempts it is to %s', (retry_count, max_retries, repair) => {
    const queue = repair === 'retry' ? 'tasks:pending:retry' : 'dlq:tasks';
    expect(judge(reading('ACTIVE', { values: { retry_count, max_retries } }))).toMatchObject({
      repair,
      queue,
    });
  });
});

describe('a PENDING task is orphaned', () => {
  test.each([
    ['0', 'tasks:pending:primary'],
    ['2', 'tasks:pending:retry'],
  ])('where it is in no place; after %s attempts it goes to %s', (retry_count, queue) => {
    expect(judge(reading('PENDING', { values: { retry_count } }))).toMatchObject({
      kind: 'orphaned-pending',
      repair: 'enqueue',
      queue,
    });
  });

  test.each<[string, Partial<JudgeContext>]>([
    ['a queue holds it', seen('primary')],
    ['the other queue holds it', seen('retry')],
    ['a message names it', seen('broker')],
  ])('not where %s', (_, context) => {
    expect(judge(reading('PENDING'), context)).toBeUndefined();
  });

  test('not before five minutes', () => {
    expect(judge(reading('PENDING', { values: { updated_at: '2026-11-22T15:55:00' } }))).toBeUndefined();
  });
});

describe('a SCHEDULED task', () => {
  const due = (seconds: number) => reading('SCHEDULED', { score: NOW.getTime() / 1000 - seconds });

  test('is overdue after the grace', () => {
    expect(judge(due(61), seen('scheduled'))).toMatchObject({ kind: 'overdue-scheduled', dueSeconds: 61 });
    expect(judge(due(60), seen('scheduled'))).toBeUndefined();
    expect(judge(due(-5), seen('scheduled'))).toBeUndefined();
  });

  test('that is due since ever, or never', () => {
    for (const score of [-Infinity, -1e300, -1e17]) {
      expect(judge(reading('SCHEDULED', { score }))).toMatchObject({ dueSeconds: null });
    }
    expect(judge(reading('SCHEDULED', { score: Infinity }))).toBeUndefined();
  });

  test('is orphaned where it is in no place', () => {
    expect(judge(reading('SCHEDULED'))).toMatchObject({
      kind: 'orphaned-scheduled',
      queue: 'tasks:scheduled',
    });
    for (const place of ['scheduled', 'primary', 'retry', 'broker'] as const) {
      expect(judge(reading('SCHEDULED'), seen(place))).toBeUndefined();
    }
  });
});

test('a DLQ task is orphaned where dlq:tasks does not hold it', () => {
  expect(judge(reading('DLQ'))).toMatchObject({ kind: 'orphaned-dlq', queue: 'dlq:tasks' });
  expect(judge(reading('DLQ'), seen('dlq'))).toBeUndefined();
});

test('a FAILED task in no queue is reported, and put back only where that is asked for', () => {
  expect(judge(reading('FAILED'))).toMatchObject({ kind: 'failed', repair: null });
  const settings = settingsOf({ include: ['failed'] });
  expect(judge(reading('FAILED'), { settings })).toMatchObject({ kind: 'failed', repair: 'release' });
  expect(judge(reading('FAILED'), seen('retry'))).toBeUndefined();
});

test('a COMPLETED task is in no place, and rightly so', () => {
  expect(judge(reading('COMPLETED'))).toBeUndefined();
});
