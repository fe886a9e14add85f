import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addToTally, emptyTally, SIGHTINGS, type Sighting, tasksInTally } from './tally.js';

function tallyOf(sightings: readonly Sighting[]) {
  const tally = emptyTally();
  for (const sighting of sightings) addToTally(tally, sighting, 1);
  return tally;
}

describe('a tally', () => {
  test('begins empty', () => {
    expect(tasksInTally(emptyTally())).toBe(0);
  });

  test('counts each state by itself, and apart what is in no state', () => {
    expect(tallyOf(['DLQ', 'ACTIVE', 'DLQ', 'unknown-state', 'missing-state', 'not-a-hash'])).toEqual({
      states: { PENDING: 0, ACTIVE: 1, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 2 },
      unknownState: 1,
      missingState: 1,
      notAHash: 1,
    });
  });

  test('takes every task as one, whatever its state, but no key that is absent or no hash', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SIGHTINGS)), (sightings) => {
        const tasks = sightings.filter((sighting) => sighting !== 'absent' && sighting !== 'not-a-hash');
        expect(tasksInTally(tallyOf(sightings))).toBe(tasks.length);
      }),
    );
  });

  test('forgets what is taken out again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SIGHTINGS)), (sightings) => {
        const tally = tallyOf(sightings);
        for (const sighting of sightings) addToTally(tally, sighting, -1);
        expect(tally).toEqual(emptyTally());
      }),
    );
  });

  test('shares nothing with the next one', () => {
    addToTally(emptyTally(), 'ACTIVE', 5);
    expect(emptyTally().states.ACTIVE).toBe(0);
  });
});
