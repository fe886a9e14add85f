import { describe, expect, test } from '@jest/globals';
import { entryFault, SCHEDULED } from './entry-fault.js';

const ALONE = { again: false, inPrimary: false, inRetry: false, inScheduled: false };

describe('an entry', () => {
  test.each([0, 1, 2, SCHEDULED])('of queue %i whose task is gone is a ghost', (queue) => {
    expect(entryFault(queue, '-', ALONE)).toBe('ghost');
    expect(entryFault(queue, '-', { ...ALONE, again: true })).toBe('ghost');
  });

  test('of the dead-letter queue whose task lives on as a dead-letter copy is none', () => {
    expect(entryFault(2, 'k', ALONE)).toBeUndefined();
  });

  test.each([
    [0, 'CAD'],
    [1, 'CAD'],
    [2, 'PACS'],
    [SCHEDULED, 'CAD'],
  ])('of queue %i is stale in the states %s and no other', (queue, stale) => {
    for (const letter of 'PACFSDmux') {
      expect([letter, entryFault(queue, letter, ALONE)]).toEqual([
        letter,
        stale.includes(letter) ? 'state' : undefined,
      ]);
    }
  });

  test('of a SCHEDULED task in a pending list is stale only while it is scheduled too', () => {
    expect(entryFault(1, 'S', ALONE)).toBeUndefined();
    expect(entryFault(1, 'S', { ...ALONE, inScheduled: true })).toBe('state');
  });

  test('of a PENDING task in the sorted set is stale only while it is in a pending list too', () => {
    expect(entryFault(SCHEDULED, 'P', ALONE)).toBeUndefined();
    expect(entryFault(SCHEDULED, 'P', { ...ALONE, inRetry: true })).toBe('unscheduled');
  });

  test('that its list holds already is one too many', () => {
    expect(entryFault(0, 'P', { ...ALONE, again: true })).toBe('twice');
    expect(entryFault(2, 'D', { ...ALONE, again: true })).toBe('twice');
  });

  test('of a PENDING task in both pending lists is one too many', () => {
    expect(entryFault(1, 'P', { ...ALONE, inPrimary: true, inRetry: true })).toBe('both');
  });
});
