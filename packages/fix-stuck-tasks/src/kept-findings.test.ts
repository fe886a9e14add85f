import { expect, test } from '@jest/globals';
import { newFinding, type TaskFinding } from './detect/finding.js';
import { KeptFindings } from './kept-findings.js';
import type { Kind } from './kinds.js';

const UNDECIDED = { code: 'undecided', queue: null, type: null } as const;

const BASIS = { fingerprint: '', beat: null, changedAt: null, retryAfter: null };

function finding(kind: Kind, age: number): TaskFinding {
  const repair = kind === 'future-active' ? null : ('enqueue' as const);
  const known = { age, repair, basis: BASIS };
  return newFinding(kind, Buffer.from(`${age}`), known);
}

test('older findings that cannot be repaired do not take the place of one that can', () => {
  const obstacleOf = ({ kind }: TaskFinding) => (kind === 'stuck-active' ? UNDECIDED : null);
  const kept = new KeptFindings(obstacleOf, { mostRepaired: 2, mostReported: 1 });
  for (const age of [9, 8, 7]) {
    kept.add(finding('stuck-active', age));
    kept.add(finding('future-active', age));
  }
  for (const age of [3, 2, 1]) kept.add(finding('orphaned-dlq', age));
  kept.countReported('not-consumed');
  const { findings, beyond } = kept.result();
  expect(findings.map(({ kind, age }) => [kind, age])).toEqual([
    ['orphaned-dlq', 3],
    ['orphaned-dlq', 2],
    ['stuck-active', 9],
    ['future-active', 9],
  ]);
  expect(beyond).toEqual({
    repairable: new Map([['orphaned-dlq', 1]]),
    obstructed: new Map([['stuck-active', 2]]),
    reported: new Map([
      ['not-consumed', 1],
      ['future-active', 2],
    ]),
  });
});
