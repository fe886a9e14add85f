import { expect, test } from '@jest/globals';
import { DoubtfulEntries } from './doubtful-entries.js';

test('the first entries are kept, as copies, and the others are counted', () => {
  const entries = new DoubtfulEntries(2);
  const id = Buffer.from('a');
  for (const observedState of ['absent', 'ACTIVE', 'absent', 'absent', 'COMPLETED'] as const) {
    entries.add({ id, observedState, isRepeated: false });
  }
  id.write('b');
  expect(entries.kept).toEqual([
    { id: Buffer.from('a'), observedState: 'absent', isRepeated: false },
    { id: Buffer.from('a'), observedState: 'ACTIVE', isRepeated: false },
  ]);
  expect([entries.moreWithoutTask, entries.moreOthers]).toEqual([2, 1]);
});
