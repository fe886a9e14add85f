import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { withTable } from './readme.js';
import type { Result } from './result.js';
import { summaryTable } from './summary.js';

const row = (what: string, tasks: number, more: Partial<Result> = {}): Result => ({
  what,
  tasks,
  seconds: 4.66,
  plainRatio: 10,
  goals: [],
  ...more,
});

test('the summary has a line for each command, on the most tasks that the plain way did', () => {
  const results = [
    row('--help', 0, { note: 'the floor is node -e 1' }),
    row('fix-counter-sync --dry-run', 10_000),
    row('fix-counter-sync --dry-run', 1_000_000, { peakMb: 71.4, ping: { p99: 2.82, max: 5 } }),
    { what: 'fix-counter-sync --dry-run', tasks: 10_000_000, seconds: 38, goals: [] },
    row('initialize-counters --dry-run', 1_000_000),
    row('cleanup-celery-meta --yes, two thirds of all keys', 750_000),
  ];
  expect(summaryTable(results)).toBe(
    [
      "| command | tasks or keys | seconds | one command a key | memory | another client's PING, p99 |",
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      '| `fix-counter-sync --dry-run` | 1,000,000 | 4.7 s | 47 s | 71 MB | 2.8 ms |',
      '| `cleanup-celery-meta --yes`, two thirds of all keys | 750,000 | 4.7 s | 47 s |  |  |',
    ].join('\n'),
  );
});

test('the root README has a place for it', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(withTable(readme, 'five lines')).toContain('five lines');
});
