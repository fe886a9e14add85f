import { expect, test } from '@jest/globals';
import { deletionLines } from './deletion-lines.js';
import type { ReportedDeletion } from './schema.js';

const STYLE = { good: (text: string) => text, bad: (text: string) => text, faint: (text: string) => text };
const DELETION: ReportedDeletion = {
  how: 'saved-keys',
  deleted: 0,
  kinds: null,
  changed: 0,
  left: null,
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
