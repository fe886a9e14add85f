import { PLAIN_STYLE } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { KINDS } from './kinds.js';
import { renderFixStuckTasks } from './render.js';
import type { FixStuckTasksResult, KindCounts, ReportedFinding } from './schema.js';

const COUNTS: KindCounts = { kind: 'stuck-active', found: 5, repaired: 0, changed: 0, left: 0, reported: 0 };
const BROKER: NonNullable<FixStuckTasksResult['broker']> = {
  url: 'redis://h:1/0',
  knowledge: 'read',
  messages: 1,
  others: 0,
  unreadable: 0,
  nonCelery: 0,
  wrongTypeKeys: [],
};
const RESULT: FixStuckTasksResult = {
  totalTasks: 9,
  defective: 0,
  undecided: null,
  broker: BROKER,
  wrongTypeQueues: [],
  alive: { workers: 1, consumers: 1 },
  oldUnacknowledged: null,
  repeatedMessages: 0,
  kinds: [COUNTS],
  obstructed: 0,
  findings: [],
};
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

type Ending = Pick<Parameters<typeof renderFixStuckTasks>[0], 'mode' | 'outcome'>;
const DRY_RUN: Ending = { mode: 'dry-run', outcome: 'found' };
const render = (result: Partial<FixStuckTasksResult>, ending = DRY_RUN) =>
  renderFixStuckTasks({ ...ending, target: null, result: { ...RESULT, ...result } }, PLAIN_STYLE);
const blank = (lines: string[]) => lines.lastIndexOf('');
/** The lines behind the last blank one. */
const ending = (lines: string[]) => lines.slice(blank(lines) + 1);
const withCounts = (counts: Partial<KindCounts>): Partial<FixStuckTasksResult> => ({
  kinds: [{ ...COUNTS, ...counts }],
});

test('the whole report of a dry run', () => {
  const kinds = KINDS.map((kind) => ({ ...COUNTS, kind, found: kind === 'stuck-active' ? 1 : 0 }));
  expect(render({ kinds, findings: [FINDING] })).toEqual([
    'Stuck Task Repair Utility',
    'Redis URL: ',
    'Mode: DRY RUN',
    '',
    'Scanned 9 tasks',
    'Broker: redis://h:1/0, 1 message',
    '',
    'Finding             Found To repair',
    '------------------- ----- ---------',
    'stuck ACTIVE        1     1',
    'orphaned PENDING    0     0',
    'orphaned SCHEDULED  0     0',
    'overdue SCHEDULED   0     0',
    'orphaned DLQ        0     0',
    'FAILED              0     0',
    'ghost entry         0     0',
    'stale entry         0     0',
    '',
    '1. a (stuck ACTIVE)',
    '   ACTIVE for 2h, worker celery-h-1 has no heartbeat, not in the broker → PENDING in tasks:pending:retry, attempt 1 of 3',
    '',
    'DRY RUN: Would repair 1 finding',
  ]);
});

test('a repair has a column for each outcome, and says what became of a finding', () => {
  const counts = { found: 6, repaired: 2, changed: 1, left: 2, reported: 1 };
  const findings = (['repaired', 'changed', 'left'] as const).map((outcome) => ({ ...FINDING, outcome }));
  const lines = render({ ...withCounts(counts), findings }, { mode: 'repair', outcome: 'partial' });
  expect(lines.slice(7, 10)).toEqual([
    'Finding             Found Repaired Changed Left',
    '------------------- ----- -------- ------- ----',
    'stuck ACTIVE        6     2        1       3',
  ]);
  expect(lines.filter((line) => line.startsWith('   ACTIVE')).map((line) => line.split(' of 3')[1])).toEqual([
    '',
    '; left alone: it has changed meanwhile',
    '; not reached',
  ]);
  expect(ending(lines)).toEqual([
    '⚠️  Repaired 2 of 5',
    '   Left alone because they have changed meanwhile: 1',
    '   Not reached: 2; run it again',
  ]);
});

describe('the broker', () => {
  test.each<[Partial<typeof BROKER> | null, string]>([
    [null, 'Broker: none found'],
    [{}, 'Broker: redis://h:1/0, 1 message'],
    [
      { messages: 9, others: 3, nonCelery: 2, knowledge: 'not-ours' },
      'Broker: redis://h:1/0, 9 messages, 3 of other programs, 2 of them not of Celery, perhaps not of AsyncTaskFlow',
    ],
  ])('%j', (broker, line) => {
    expect(render({ broker: broker && { ...BROKER, ...broker } })[5]).toBe(line);
  });

  const LEFT = "⚠️  Undecided, and left alone: 2 tasks whose message may wait in Celery's broker.";
  test.each<[NonNullable<FixStuckTasksResult['undecided']>['reason'], Partial<typeof BROKER>, string]>([
    ['not-found', {}, `${LEFT} No broker was found: name it with --broker-url.`],
    [
      'not-ours',
      {},
      `${LEFT} The broker beside the tasks may belong to another program: name the right one with --broker-url.`,
    ],
    [
      'unreadable',
      { unreadable: 1 },
      `${LEFT} 1 message cannot be read and may name any task: run this again when workers have taken it, or name another broker with --broker-url.`,
    ],
    [
      'unreadable',
      {},
      `${LEFT} A queue cannot be read and may name any task: run this again when workers have taken it, or name another broker with --broker-url.`,
    ],
  ])('that is %s leaves tasks undecided, and the way out is named: %#', (reason, broker, line) => {
    const result = { undecided: { reason, tasks: 2 }, broker: { ...BROKER, ...broker } };
    expect(render(result)[6]).toBe(line);
  });
});

test('warnings', () => {
  const broker = { ...BROKER, wrongTypeKeys: [{ key: 'celery', type: 'string' }] };
  const wrongTypeQueues = [{ key: 'dlq:tasks', type: 'set' }];
  expect(render({ broker, wrongTypeQueues, defective: 2 }).slice(6, 9)).toEqual([
    '⚠️  Left alone: celery is a string, no queue. Rename or delete it, then run this again.',
    '⚠️  Left alone: dlq:tasks is a set, no queue. Rename or delete it, then run this again.',
    '⚠️  Left alone: 2 defective tasks. delete-defective-tasks is for these.',
  ]);
});

test('notes', () => {
  const notes = (result: Partial<FixStuckTasksResult>) =>
    render(result).filter((line) => line.startsWith('Note'));
  expect(notes({})).toEqual([]);
  expect(notes({ alive: { workers: 0, consumers: 0 } })).toEqual([
    'Note: No worker and no consumer sends heartbeats: what is in the queues waits until one is started.',
  ]);
  expect(notes({ alive: { workers: 1, consumers: 0 } })).toEqual([
    'Note: No consumer sends heartbeats: what is in the queues waits until one is started.',
  ]);
  const old = { messages: 1, oldestSeconds: 1_800, redeliveryInSeconds: 1_800 };
  expect(notes({ oldUnacknowledged: old })).toEqual([
    'Note: 1 message not acknowledged for up to 30m: Celery delivers the oldest again in 30m, by its default visibility timeout of 1h.',
  ]);
  expect([1, 2].flatMap((repeatedMessages) => notes({ repeatedMessages }))).toEqual([
    'Note: 1 message is in the broker twice: Celery runs each of them twice.',
    'Note: 2 messages are in the broker twice: Celery runs each of them twice.',
  ]);
  const due = { messages: 3, oldestSeconds: 7_200, redeliveryInSeconds: -3_600 };
  expect(notes({ oldUnacknowledged: due })).toEqual([
    'Note: 3 messages not acknowledged for up to 2h: Celery delivers the oldest again as soon as a worker reads it, by its default visibility timeout of 1h.',
  ]);
});

test('of more findings than are shown, the rest is counted', () => {
  const findings = Array<ReportedFinding>(101).fill(FINDING);
  const lines = render({ ...withCounts({ found: 12_345 }), findings });
  expect(lines.filter((line) => line.endsWith('. a (stuck ACTIVE)'))).toHaveLength(100);
  const at = lines.indexOf('… and 12245 more (--json names up to 10000)');
  expect(lines.slice(at + 1, at + 4)).toEqual(['', '12345 findings by kind:', '   12345: stuck ACTIVE']);
});

describe('the end of the report', () => {
  test.each<[string, Partial<FixStuckTasksResult>, Ending, string[]]>([
    [
      'all is done',
      withCounts({ repaired: 5 }),
      { mode: 'repair', outcome: 'repaired' },
      ['✅ Repaired 5 of 5'],
    ],
    ['a check finds something', {}, { mode: 'check', outcome: 'found' }, ['❌ 5 findings to repair']],
    ['a dry run finds something', {}, DRY_RUN, ['DRY RUN: Would repair 5 findings']],
    [
      'a dry run would not reach all',
      withCounts({ left: 3 }),
      DRY_RUN,
      ['DRY RUN: Would repair 2 of 5 findings'],
    ],
    ['nothing is wrong', { kinds: [] }, { mode: 'repair', outcome: 'clean' }, ['Nothing is stuck.']],
    [
      'something may hide behind a key of another type',
      { kinds: [], wrongTypeQueues: [{ key: 'dlq:tasks', type: 'set' }] },
      { mode: 'repair', outcome: 'partial' },
      ['Nothing to repair.'],
    ],
    [
      'FAILED tasks are only reported',
      withCounts({ kind: 'failed', reported: 5 }),
      { mode: 'repair', outcome: 'clean' },
      ['Nothing to repair.'],
    ],
    [
      'something cannot be repaired',
      { ...withCounts({ found: 1, reported: 1 }), obstructed: 1 },
      { mode: 'check', outcome: 'found' },
      ['❌ 1 finding that cannot be repaired'],
    ],
    [
      'something is for the operator, and something was repaired',
      {
        kinds: [
          { ...COUNTS, repaired: 5 },
          { ...COUNTS, kind: 'not-consumed', found: 2, reported: 2 },
        ],
      },
      { mode: 'repair', outcome: 'repaired' },
      ['✅ Repaired 5 of 5', '❌ 2 findings that only you can repair'],
    ],
    [
      'something is for the operator only',
      withCounts({ kind: 'unindexed-message', found: 1, reported: 1 }),
      { mode: 'repair', outcome: 'found' },
      ['❌ 1 finding that only you can repair'],
    ],
  ])('if %s', (_, result, how, lines) => {
    expect(ending(render(result, how))).toEqual(lines);
  });
});

test('each kind is shown by its own name', () => {
  const kinds = KINDS.map((kind) => ({ ...COUNTS, kind, found: 1 }));
  const rows = render({ kinds }).filter((line) => line.endsWith(' 1     1'));
  expect(rows.map((row) => row.slice(0, 19).trim().toLowerCase().replaceAll(' ', '-'))).toEqual(KINDS);
});
