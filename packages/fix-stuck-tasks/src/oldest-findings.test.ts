import { expect, test } from '@jest/globals';
import { type Finding, newFinding } from './detect/finding.js';
import type { Kind } from './kinds.js';
import { OldestFindings } from './oldest-findings.js';

const finding = (kind: Kind, age: number | null): Finding => newFinding(kind, Buffer.from(`${age}`), { age });

test('the oldest findings are kept, in whatever order they come, and all others are counted by kind', () => {
  const findings = new OldestFindings(3);
  for (const age of [5, 1, 9, null, 7, 2, 8, 3])
    findings.add(finding(age === 1 ? 'failed' : 'stuck-active', age));
  findings.count('not-consumed');
  expect(findings.oldest().map(({ age }) => age)).toEqual([9, 8, 7]);
  expect(Object.fromEntries(findings.beyond)).toEqual({ failed: 1, 'stuck-active': 4, 'not-consumed': 1 });
});

test('a few findings are all kept, those without an age last', () => {
  const findings = new OldestFindings(3);
  for (const age of [null, 1, 2]) findings.add(finding('stuck-active', age));
  expect(findings.oldest().map(({ age }) => age)).toEqual([2, 1, null]);
  expect(findings.beyond.size).toBe(0);
});
