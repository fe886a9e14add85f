import { PLAIN_STYLE } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { renderResetRedis } from './render.js';
import type { ResetRedisResult } from './schema.js';

const TARGET = { host: 'localhost', port: 6379, database: 2, tls: false, user: null };
const RESULT: ResetRedisResult = {
  scope: 'app',
  confirmed: false,
  refused: false,
  keys: 7,
  workers: { live: 0, stale: 0, named: [] },
  inspection: null,
  selected: 5,
  deletion: null,
};

const HEAD = ['Redis Reset Utility', 'Redis URL: redis://localhost:6379/2'];
type Mode = Parameters<typeof renderResetRedis>[0]['mode'];
const render = (mode: Mode, part: Partial<ResetRedisResult> = {}) =>
  renderResetRedis({ mode, outcome: 'found', target: TARGET, result: { ...RESULT, ...part } }, PLAIN_STYLE);

test.each([
  ['inspect', {}, 'INSPECTION', 'Nothing was deleted. --confirm deletes 5 keys of AsyncTaskFlow.'],
  ['check', { selected: 1 }, 'CHECK', '❌ Found 1 key of AsyncTaskFlow'],
  ['dry-run', { scope: 'db', selected: 7 }, 'DRY RUN', 'DRY RUN: Would delete all 7 keys of this database'],
  ['dry-run', { selected: 0 }, 'DRY RUN', '✅ Nothing to delete'],
] as const)('a look: %s %j', (mode, part, name, conclusion) => {
  expect(render(mode, part)).toEqual([
    ...HEAD,
    `Mode: ${name}`,
    '',
    'Database 2 holds 7 keys',
    '',
    conclusion,
  ]);
});

test.each([
  [1, '⚠️  It would be refused: 1 worker is alive (--force insists)'],
  [3, '⚠️  It would be refused: 3 workers are alive (--force insists)'],
])('live workers are named: %d', (live, line) => {
  const workers = { live, stale: 0, named: [] };
  expect(render('dry-run', { refused: true, workers }).at(-1)).toBe(line);
});

test('an empty database is probably the wrong one', () => {
  expect(render('inspect', { keys: 0, selected: 0 })).toEqual([
    ...HEAD,
    'Mode: INSPECTION',
    '',
    'Database 2 holds 0 keys',
    '⚠️  No key in redis://localhost:6379/2: if there should be some, check host, port and database number.',
    '',
    '✅ Nothing to delete',
  ]);
  expect(render('inspect', { keys: 1 })[4]).toBe('Database 2 holds 1 key');
});
