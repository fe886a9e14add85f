import { expect, test } from '@jest/globals';
import { deletionLines } from './deletion-lines.js';
import type { ReportedDeletion } from './schema.js';

const STYLE = { good: (text: string) => text, bad: (text: string) => text, faint: (text: string) => text };
const DELETION: ReportedDeletion = {
  how: 'saved-keys',
  deleted: 0,
  messagesRemoved: 0,
  kinds: null,
  changed: 0,
  left: null,
  shared: null,
  unrelatedKept: null,
  backup: null,
};

test.each([
  ['repaired', { deleted: 3 }, '✅ Deleted 3 keys of AsyncTaskFlow'],
  ['clean', {}, '✅ Nothing to delete'],
  ['partial', { deleted: 3, changed: 1 }, '⚠️  Deleted 3 keys of AsyncTaskFlow'],
  ['partial', { changed: 1 }, '⚠️  Deleted 0 keys of AsyncTaskFlow'],
] as const)('a reset that is %s with %j shows as done only what is', (outcome, part, line) => {
  expect(deletionLines({ ...DELETION, ...part }, { scope: 'app', outcome }, STYLE)[0]).toBe(line);
});

const lines = (part: Partial<ReportedDeletion>, scope: 'app' | 'db' = 'app') =>
  deletionLines({ ...DELETION, how: 'own-keys', deleted: 3, ...part }, { scope, outcome: 'repaired' }, STYLE);

const SHARED = {
  keys: 13,
  ours: 0,
  others: 5,
  named: Array.from({ length: 13 }, (_, i) => ({ key: `queue-${i}`, ours: 0, others: 2 })),
};

test('a reset says what it deleted, what it kept, and what it verified', () => {
  expect(
    lines({
      kinds: [{ kind: 'task', keys: 3 }],
      messagesRemoved: 2,
      left: 0,
      shared: SHARED,
      unrelatedKept: 9,
    }),
  ).toEqual([
    '✅ Deleted 3 keys of AsyncTaskFlow',
    '   - task: 3',
    '   Removed 2 messages of AsyncTaskFlow from keys that another program uses',
    "Celery's keys that another program may use, kept: 13, with 5 messages that are not AsyncTaskFlow's",
    ...Array.from({ length: 10 }, (_, i) => `   - queue-${i}: 2 kept, 0 of AsyncTaskFlow`),
    '   … and 3 more',
    "   Kept: 9 keys that are not AsyncTaskFlow's",
    '   Verified: no key is left that only AsyncTaskFlow uses, and none of its messages',
  ]);
});

test.each([
  [{ left: 0, unrelatedKept: 0 }, 'app', ['   Verified: the database is empty']],
  [{ left: 0, unrelatedKept: null }, 'db', ['   Verified: the database is empty']],
  [
    { left: 0, unrelatedKept: 2 },
    'app',
    ["   Kept: 2 keys that are not AsyncTaskFlow's", '   Verified: no key of AsyncTaskFlow is left'],
  ],
  [
    { left: 5, changed: 1 },
    'app',
    [
      '⚠️  Left alone: 1 changed meanwhile',
      '⚠️  There again: 4 keys. Something still writes. Stop it and run this again.',
    ],
  ],
  [{ left: null }, 'app', []],
] as const)('a reset with %j in scope %s verifies only what it looked at', (part, scope, last) => {
  const deletion = part.left === 0 && scope === 'app' ? { ...part, shared: { ...SHARED, keys: 0 } } : part;
  expect(lines(deletion, scope).slice(1)).toEqual(last);
});

test('a reset with a backup says that messages between those of others are left', () => {
  const shared = { keys: 1, ours: 1, others: 2, named: [{ key: 'celery', ours: 1, others: 2 }] };
  const backup = { path: 'b.atf', records: 3 };
  expect(lines({ how: 'saved-keys', left: 0, shared, backup })).toEqual([
    'Backup: b.atf, 3 keys',
    '✅ Deleted 3 keys of AsyncTaskFlow',
    "Celery's keys that another program may use, kept: 1, with 2 messages that are not AsyncTaskFlow's",
    '   1 messages of AsyncTaskFlow in them: a reset without --backup removes these',
    '   - celery: 2 kept, 1 of AsyncTaskFlow',
  ]);
});
