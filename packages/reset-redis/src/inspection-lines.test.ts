import { expect, test } from '@jest/globals';
import { inspectionLines } from './inspection-lines.js';
import type { Inspection } from './schema.js';

const WORKERS = { live: 1, stale: 1, named: [{ id: 'w1', live: true, ageSeconds: 7 }] };
const INSPECTION: Inspection = {
  kinds: [{ kind: 'task', pattern: 'task:*', keys: 38, estimatedBytes: 60_200, measured: 30 }],
  unrelated: {
    ...{ keys: 9, estimatedBytes: 1_100, measured: 9, wrongType: 1 },
    samples: [{ key: 'session:1', type: 'string' }],
  },
  shared: { keys: 2, ours: 1, others: 3, named: [{ key: 'celery', ours: 1, others: 3 }] },
  queues: [{ key: 'dlq:tasks', depth: null }],
  tasks: {
    states: { PENDING: 10, ACTIVE: 3, COMPLETED: 20, FAILED: 0, SCHEDULED: 4, DLQ: 1 },
    unknownState: 1,
    missingState: 2,
  },
};

test('an inspection shows everything that it found', () => {
  expect(inspectionLines(INSPECTION, WORKERS)).toEqual([
    "AsyncTaskFlow's keys: 38, about 60.2 kB (~: an estimate from some that were measured)",
    '   Kind                   Key                      Keys     Memory',
    '   ---------------------- ------------------------ -------- --------',
    '   task                   task:*                   38       ~60.2 kB',
    '',
    'Queues:',
    '   dlq:tasks: of another type, no queue',
    '',
    'Tasks by state:',
    '   PENDING: 10',
    '   ACTIVE: 3',
    '   COMPLETED: 20',
    '   FAILED: 0',
    '   SCHEDULED: 4',
    '   DLQ: 1',
    '   in an unknown state: 1',
    '   without a state: 2',
    'Dead-letter copies: 0',
    '',
    'Workers alive: 1; with an old heartbeat: 1',
    '   - w1: alive, 7 s ago',
    '   … and 1 more',
    '',
    "Celery's keys that another program may use, kept: 2, with 3 messages that are not AsyncTaskFlow's",
    '   1 messages of AsyncTaskFlow in them: a reset without --backup removes these',
    '   - celery: 3 kept, 1 of AsyncTaskFlow',
    '   … and 1 more',
    "Keys that are not AsyncTaskFlow's: 9, about 1.1 kB",
    "   1 of them with a name of AsyncTaskFlow's, but of another type",
    '   - session:1 (string)',
    '   … and 8 more',
  ]);
});

test('an inspection says that the memory is unknown if it could not be measured', () => {
  const [tasks] = INSPECTION.kinds;
  const unknown = { estimatedBytes: null, measured: 0 };
  const copies = { ...tasks!, kind: 'dead-letter-copy', pattern: 'dlq:task:*', keys: 1 } as const;
  const { unrelated } = INSPECTION;
  const lines = (kinds: Inspection['kinds']) =>
    inspectionLines({ ...INSPECTION, kinds, unrelated: { ...unrelated, ...unknown } }, WORKERS);
  expect(lines([{ ...tasks!, ...unknown }]).slice(0, 4)).toEqual([
    "AsyncTaskFlow's keys: 38, memory unknown (Redis refuses MEMORY USAGE)",
    '   Kind                   Key                      Keys     Memory',
    '   ---------------------- ------------------------ -------- --------',
    '   task                   task:*                   38       unknown',
  ]);
  expect(lines([tasks!, { ...copies, ...unknown }])).toEqual(
    expect.arrayContaining([
      "AsyncTaskFlow's keys: 39, about 60.2 kB (~: an estimate from some that were measured)",
      '   dead-letter-copy       dlq:task:*               1        unknown',
      "Keys that are not AsyncTaskFlow's: 9, memory unknown (Redis refuses MEMORY USAGE)",
    ]),
  );
});

test('an inspection of nothing says so', () => {
  const none = { keys: 0, estimatedBytes: 0, measured: 0 };
  const empty: Inspection = {
    kinds: [],
    unrelated: { ...none, wrongType: 0, samples: [] },
    shared: { keys: 0, ours: 0, others: 0, named: [] },
    queues: [{ key: 'celery', depth: 0 }],
    tasks: null,
  };
  expect(inspectionLines(empty, { live: 0, stale: 0, named: [] })).toEqual([
    "AsyncTaskFlow's keys: none",
    '',
    'Queues:',
    '   celery: 0',
    '',
    'Tasks by state: they change too fast to be counted',
    'Dead-letter copies: 0',
    '',
    'Workers alive: 0',
    '',
    "Keys that are not AsyncTaskFlow's: 0",
  ]);
});
