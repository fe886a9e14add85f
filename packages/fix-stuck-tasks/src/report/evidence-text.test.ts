import { expect, test } from '@jest/globals';
import type { ReportedFinding } from '../schema.js';
import { evidenceText } from './evidence-text.js';

const FINDING: ReportedFinding = {
  kind: 'stuck-active',
  id: 'a',
  state: 'ACTIVE',
  ageSeconds: 7_200,
  workerId: 'celery-h-1',
  heartbeatAgeSeconds: null,
  workerMovedOn: false,
  broker: 'read',
  dueSeconds: null,
  retryCount: 0,
  maxRetries: 3,
  fault: null,
  queue: 'tasks:pending:retry',
  repair: 'retry',
  obstacle: null,
  outcome: 'found',
};
const PRIMARY = 'tasks:pending:primary';
const stale = (fault: ReportedFinding['fault'], state: ReportedFinding['state'] = 'PENDING') =>
  ({ kind: 'stale-entry', fault, state, queue: PRIMARY, repair: 'remove' }) as const;
const reported = { repair: null, queue: PRIMARY } as const;

test.each<[Partial<ReportedFinding>, string]>([
  [
    { heartbeatAgeSeconds: 120, retryCount: 1 },
    "ACTIVE for 2h, worker celery-h-1's last heartbeat was 2m ago, not in the broker → PENDING in tasks:pending:retry, attempt 2 of 3",
  ],
  [
    { heartbeatAgeSeconds: -5, broker: 'unreadable', repair: 'give-up', retryCount: 3, queue: 'dlq:tasks' },
    "ACTIVE for 2h, worker celery-h-1's heartbeat is dated in the future, in no broker message that can be read → DLQ, 3 of 3 attempts are used up",
  ],
  [
    { heartbeatAgeSeconds: 5, workerMovedOn: true },
    'ACTIVE for 2h, worker celery-h-1 has sent a heartbeat since and no longer runs it, not in the broker → PENDING in tasks:pending:retry, attempt 1 of 3',
  ],
  [
    { workerId: null, ageSeconds: null },
    'ACTIVE for an unknown time, no worker is named, not in the broker → PENDING in tasks:pending:retry, attempt 1 of 3',
  ],
  [
    { kind: 'orphaned-pending', repair: 'enqueue', queue: PRIMARY },
    'PENDING, unchanged for 2h, in no queue, not in the broker → back in tasks:pending:primary',
  ],
  [
    {
      kind: 'orphaned-pending',
      broker: 'not-ours',
      obstacle: { code: 'undecided', queue: null, type: null },
      repair: null,
    },
    'PENDING, unchanged for 2h, in no queue, in no broker message that can be read → left alone: undecided, its message may wait in the broker',
  ],
  [
    { kind: 'orphaned-scheduled', repair: 'enqueue', queue: 'tasks:scheduled' },
    'SCHEDULED for 2h, not in tasks:scheduled → back in tasks:scheduled',
  ],
  [
    { kind: 'overdue-scheduled', repair: 'release', dueSeconds: 90 },
    'SCHEDULED, due for 1m 30s → PENDING in tasks:pending:retry',
  ],
  [
    { kind: 'overdue-scheduled', repair: 'release', dueSeconds: null },
    'SCHEDULED, due for ever → PENDING in tasks:pending:retry',
  ],
  [
    { kind: 'orphaned-dlq', repair: 'enqueue', queue: 'dlq:tasks' },
    'DLQ for 2h, not in dlq:tasks → back in dlq:tasks',
  ],
  [
    { kind: 'orphaned-dlq', repair: null, obstacle: { code: 'no-queue', queue: 'dlq:tasks', type: 'set' } },
    'DLQ for 2h, not in dlq:tasks → left alone: dlq:tasks is a set',
  ],
  [
    { kind: 'failed', repair: null },
    'FAILED for 2h, in no queue → only reported (--include failed puts it back)',
  ],
  [{ kind: 'failed', repair: 'release' }, 'FAILED for 2h, in no queue → PENDING in tasks:pending:retry'],
  [
    { kind: 'ghost-entry', repair: 'remove', queue: PRIMARY },
    'in tasks:pending:primary, but there is no such task → entry removed from tasks:pending:primary',
  ],
  [stale('twice'), 'PENDING, more than once in tasks:pending:primary → one entry stays'],
  [stale('both'), 'PENDING, in both pending lists → entry removed from tasks:pending:primary'],
  [
    stale('unscheduled'),
    'PENDING in a pending list, and still in tasks:pending:primary → entry removed from tasks:pending:primary',
  ],
  [
    stale('state', 'ACTIVE'),
    'ACTIVE for 2h, but in tasks:pending:primary → entry removed from tasks:pending:primary',
  ],
  [
    { obstacle: { code: 'in-wrong-queue', queue: PRIMARY, type: null } },
    'ACTIVE for 2h, worker celery-h-1 has no heartbeat, not in the broker → left alone: its id is in tasks:pending:primary, where it does not belong, and --only leaves it there',
  ],
  [
    { ...reported, kind: 'queued-and-sent' },
    'in tasks:pending:primary, and in a message of the broker: it would run twice → only reported',
  ],
  [
    { ...reported, kind: 'not-consumed' },
    'in tasks:pending:primary, unchanged for 2h, and no consumer sends heartbeats → only reported',
  ],
  [
    { ...reported, kind: 'unindexed-message' },
    'in a message that a worker has taken and that no index lists: no worker ever takes it again → only reported',
  ],
  [
    { ...reported, kind: 'future-active', ageSeconds: -300 },
    'ACTIVE since a moment that is 5m in the future → only reported',
  ],
])('%j', (finding, text) => {
  expect(evidenceText({ ...FINDING, ...finding })).toBe(text);
});
