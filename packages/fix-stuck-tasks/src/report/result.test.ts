import { CompactKeyMap, type QueueSnapshot, type Target } from '@atf/core';
import { expect, test } from '@jest/globals';
import type { Finding } from '../detect/finding.js';
import { judgeEntry } from '../detect/judge-entry.js';
import type { BeyondKept } from '../kept-findings.js';
import { settingsOf } from '../options.js';
import { MAX_REPORTED } from '../schema.js';
import { resultOf, workOf } from './result.js';

const EMPTY = { ids: new CompactKeyMap(), wrongType: undefined, anchor: undefined, doubtful: { kept: [] } };
const SNAPSHOT = {
  primary: { ...EMPTY, key: 'primary' },
  retry: { ...EMPTY, key: 'retry' },
  dlq: { ...EMPTY, key: 'dlq' },
  scheduled: EMPTY,
  broker: undefined,
  brokerKnowledge: 'not-found',
  heartbeats: [],
  endedAt: 0,
} as unknown as QueueSnapshot;

const NOTHING_BEYOND = { repairable: new Map(), obstructed: new Map(), reported: new Map() };
const IN_PRIMARY = { primary: true, retry: false, dlq: false, scheduled: false, broker: false };

function ghost(id: Buffer): Finding {
  const entry = { id, observedState: 'absent', isRepeated: false, queue: 'tasks:pending:primary' } as const;
  return judgeEntry(entry, undefined, { locations: IN_PRIMARY, now: new Date() })[0]!;
}

const resultOfAll = (findings: Finding[], beyond: BeyondKept = NOTHING_BEYOND) =>
  resultOf(
    {
      totalTasks: 0,
      defective: 0,
      beyond,
      findings,
      first: SNAPSHOT,
      snapshot: SNAPSHOT,
      wrongType: [],
      now: new Date(),
    },
    {
      chosen: findings,
      repairs: undefined,
      broker: {} as Target,
      settings: settingsOf({}),
      dryRun: true,
    },
  );

test('a very long entry that is no UTF-8 is named by its beginning', () => {
  const id = Buffer.alloc(64 * 1024 * 1024);
  id[0] = 0xff;
  const { findings } = resultOfAll([ghost(id)]);
  expect(findings[0]!.id).toMatch(/^\\xff\0+…$/);
  expect(findings[0]!.id).toHaveLength(1_000);
});

test('of any number of findings so many are named that the document can be written, and all are counted', () => {
  const blocked: Finding = {
    ...ghost(Buffer.alloc(1_000, 1)),
    repair: null,
    obstacle: { code: 'no-queue', queue: 'primary', type: 'set' },
  };
  const { kinds, findings, obstructed } = resultOfAll(Array<Finding>(150_000).fill(blocked));
  expect(kinds.find(({ kind }) => kind === 'ghost-entry')).toMatchObject({
    found: 150_000,
    reported: 150_000,
  });
  expect([findings.length, obstructed]).toEqual([MAX_REPORTED, 150_000]);
  expect(JSON.stringify(findings).length).toBeLessThan(100_000_000);
});

test.each([
  ['all that it could keep, and there are more', undefined, 'partial'],
  ['as many as --limit allows', 1, 'repaired'],
] as const)('a run that repaired %s', (_, limit, outcome) => {
  const stuck = ghost(Buffer.from('1'));
  const work = workOf(
    {
      totalTasks: 9,
      defective: 0,
      beyond: {
        ...NOTHING_BEYOND,
        repairable: new Map([['stuck-active', 5]]),
        reported: new Map([['not-consumed', 2]]),
      },
      findings: [stuck],
      first: SNAPSHOT,
      snapshot: SNAPSHOT,
      wrongType: [],
      now: new Date(),
    },
    {
      chosen: [stuck],
      repairs: { outcomes: new Map([[stuck, 'repaired']]), stopped: false },
      broker: {} as Target,
      settings: settingsOf(limit === undefined ? {} : { limit }),
      dryRun: false,
    },
  );
  expect(work.outcome).toBe(outcome);
  const counts = (kind: string) => work.result.kinds.find((one) => one.kind === kind);
  expect(counts('stuck-active')).toMatchObject({ found: 5, left: 5, reported: 0 });
  expect(counts('not-consumed')).toMatchObject({ found: 2, left: 0, reported: 2 });
});

test('findings that cannot be repaired are counted as such, also if only the oldest are kept', () => {
  const { kinds, obstructed, undecided } = resultOfAll([], {
    ...NOTHING_BEYOND,
    obstructed: new Map([
      ['stuck-active', 7],
      ['orphaned-dlq', 2],
    ]),
    reported: new Map([['failed', 3]]),
  });
  const countsOf = (name: string) => kinds.find(({ kind }) => kind === name);
  expect(countsOf('stuck-active')).toMatchObject({ found: 7, left: 0, reported: 7 });
  expect(countsOf('failed')).toMatchObject({ found: 3, left: 0, reported: 3 });
  expect([obstructed, undecided]).toEqual([9, { reason: 'not-found', tasks: 7 }]);
});
