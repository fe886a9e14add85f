import { expect, test } from '@jest/globals';
import { newDeletion } from './deletion.js';
import { renderCleanupCeleryMeta } from './render.js';
import { resultOfDeletion } from './result.js';

const STYLE = { good: (text: string) => text, bad: (text: string) => text, faint: (text: string) => text };

test.each([
  ['repaired', 0, '✅ Deleted 3 celery-task-meta keys'],
  ['partial', 2, '⚠️  Deleted 3 celery-task-meta keys'],
] as const)('a run that is %s shows as done only what is', (outcome, changed, line) => {
  const result = resultOfDeletion({ ...newDeletion(), deleted: 3, changed, left: changed }, undefined);
  const lines = renderCleanupCeleryMeta({ mode: 'repair', outcome, target: null, result }, STYLE);
  expect(lines.filter((text) => text.includes('Deleted'))).toEqual([line]);
});
