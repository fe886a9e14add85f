import { PLAIN_STYLE } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { renderCleanupCeleryMeta } from './render.js';
import type { CleanupCeleryMetaResult } from './schema.js';

const TARGET = { host: 'localhost', port: 6379, database: 0, tls: false, user: null };
const RESULT: CleanupCeleryMetaResult = {
  keys: 40,
  olderThanMs: null,
  found: 12,
  expiring: 5,
  persistent: 7,
  selected: 12,
  younger: 0,
  undated: 0,
  started: 0,
  retrying: 0,
  notStrings: 0,
  notStringKeys: [],
  samples: [],
  memory: null,
  deleted: 0,
  changed: 0,
  left: null,
  backup: null,
};

type Ending = Parameters<typeof renderCleanupCeleryMeta>[0];
const rendered = (result: Partial<CleanupCeleryMetaResult>, ending: Partial<Ending> = {}) =>
  renderCleanupCeleryMeta(
    { mode: 'repair', outcome: 'repaired', target: TARGET, ...ending, result: { ...RESULT, ...result } },
    PLAIN_STYLE,
  );
/** The lines behind the heading and what was found. */
const conclusion = (...args: Parameters<typeof rendered>) => {
  const lines = rendered(...args);
  return lines.slice(lines.lastIndexOf('') + 1);
};

test('a dry run shows what there is, and what it would delete', () => {
  const samples = Array.from({ length: 12 }, (_, i) => `celery-task-meta-${i}`);
  const result = {
    olderThanMs: 7_200_000,
    younger: 3,
    undated: 1,
    selected: 12,
    started: 2,
    retrying: 1,
    notStrings: 1,
    notStringKeys: ['celery-task-meta-list'],
    samples,
    memory: { estimatedBytes: 8_400_000, measured: 12 },
  };
  expect(rendered(result, { mode: 'dry-run', outcome: 'found' })).toEqual([
    'Celery Result Cleanup Utility',
    'Redis URL: redis://localhost:6379/0',
    'Mode: DRY RUN',
    '',
    'Found 12 celery-task-meta keys',
    '   With an expiry: 5',
    '   Without an expiry (never removed on their own): 7',
    '   Older than 2h: 12',
    '   Younger, kept: 3',
    '   Without a readable date_done, kept: 1',
    '   Not finished, and deleted too: 2 STARTED, 1 RETRY',
    '   Memory of the older ones: about 8.4 MB (estimate from 12 measured)',
    '',
    '⚠️  Left alone, not a string and so no result: 1',
    '   - celery-task-meta-list',
    '',
    'Samples:',
    ...samples.slice(0, 10).map((name) => `   - ${name}`),
    '   … and 2 more',
    '',
    'DRY RUN: Would delete 12 celery-task-meta keys',
  ]);
});

test('a report says that the memory is unknown if none could be measured', () => {
  expect(rendered({}, { mode: 'check', outcome: 'found' })).toEqual([
    'Celery Result Cleanup Utility',
    'Redis URL: redis://localhost:6379/0',
    'Mode: CHECK',
    '',
    'Found 12 celery-task-meta keys',
    '   With an expiry: 5',
    '   Without an expiry (never removed on their own): 7',
    '   Memory: unknown (Redis refuses MEMORY USAGE)',
    '',
    '❌ 12 celery-task-meta keys can be deleted',
  ]);
});

test.each([
  ['check', { selected: 12 }, '❌ 12 celery-task-meta keys can be deleted'],
  ['check', { selected: 0 }, '✅ No celery-task-meta keys to delete'],
] as const)('%s with %j concludes', (mode, result, line) => {
  expect(conclusion(result, { mode, outcome: 'found' })).toEqual([line]);
});

const DONE = { deleted: 3, left: 0 };
test.each([
  [DONE, 'repaired', ['✅ Deleted 3 celery-task-meta keys', '   Verified: none of them is left']],
  [
    { ...DONE, changed: 2 },
    'partial',
    [
      '⚠️  Deleted 3 celery-task-meta keys',
      '⚠️  Left alone: 2 changed meanwhile',
      '   The final check found no other one',
    ],
  ],
  [
    { ...DONE, left: 4 },
    'repaired',
    [
      '✅ Deleted 3 celery-task-meta keys',
      '⚠️  4 are there at the end: does a worker still store results?',
      '   Run it again, or turn the result backend off.',
    ],
  ],
  [
    { ...DONE, left: null, backup: { path: 'b.atf', records: 3 } },
    'stopped',
    ['⚠️  Stopped: deleted 3 celery-task-meta keys; run it again for the rest', '   Backup: b.atf, 3 keys'],
  ],
  [{ left: 0 }, 'clean', ['✅ No celery-task-meta keys to delete']],
] as const)('a deletion with %j that is %s says what is done', (result, outcome, lines) => {
  expect(conclusion(result, { outcome })).toEqual(lines);
});

test('an empty database is probably the wrong one', () => {
  const nothing = { keys: 0, found: 0, expiring: 0, persistent: 0, selected: 0 };
  expect(rendered(nothing, { mode: 'check', outcome: 'clean' })).toEqual([
    'Celery Result Cleanup Utility',
    'Redis URL: redis://localhost:6379/0',
    'Mode: CHECK',
    '',
    'Found 0 celery-task-meta keys',
    '⚠️  No key in redis://localhost:6379/0: if there should be some, check host, port and database number.',
    '',
    '✅ No celery-task-meta keys to delete',
  ]);
});
