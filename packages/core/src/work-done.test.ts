import { expect, test } from '@jest/globals';
import { workDoneText } from './work-done.js';

test.each([
  [
    { action: 'deleted', counts: { tasks: 200 }, unconfirmed: 0 },
    '200 tasks were deleted before the failure.',
  ],
  [{ action: 'deleted', counts: { keys: 1 }, unconfirmed: 0 }, '1 key was deleted before the failure.'],
  [
    { action: 'repaired', counts: { findings: 3 }, unconfirmed: 100 },
    '3 findings were repaired before the failure. Up to 100 more changes may have been made: run it again.',
  ],
  [
    { action: 'restored', counts: { tasks: 0, copies: 1, entries: 1, keys: 0 }, unconfirmed: 0 },
    '1 dead-letter copy, 1 queue entry were restored before the failure.',
  ],
  [{ action: 'written', counts: {}, unconfirmed: 1 }, 'Up to 1 change may have been made: run it again.'],
  [
    { action: 'written', counts: { counters: 0 }, unconfirmed: 6 },
    'Up to 6 changes may have been made: run it again.',
  ],
] as const)('what was done before a failure is said in words: %j', (done, text) => {
  expect(workDoneText(done)).toBe(text);
});
