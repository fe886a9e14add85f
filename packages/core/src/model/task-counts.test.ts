import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addToCounts,
  emptyCounts,
  OBSERVED_STATES,
  type ObservedState,
  tasksInCounts,
} from './task-counts.js';

function countsOf(observed: readonly ObservedState[]) {
  const counts = emptyCounts();
  for (const observedState of observed) addToCounts(counts, observedState, 1);
  return counts;
}

describe('a counts', () => {
  test('begins empty', () => {
    expect(tasksInCounts(emptyCounts())).toBe(0);
  });

  test('counts each state by itself, and apart what is in no state', () => {
    expect(countsOf(['DLQ', 'ACTIVE', 'DLQ', 'unknown-state', 'missing-state', 'not-a-hash'])).toEqual({
      states: { PENDING: 0, ACTIVE: 1, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 2 },
      unknownState: 1,
      missingState: 1,
      notAHash: 1,
    });
  });

  test('takes every task as one, whatever its state, but no key that is absent or no hash', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OBSERVED_STATES)), (observed) => {
        const tasks = observed.filter(
          (observedState) => observedState !== 'absent' && observedState !== 'not-a-hash',
        );
        expect(tasksInCounts(countsOf(observed))).toBe(tasks.length);
      }),
    );
  });

  test('forgets what is taken out again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OBSERVED_STATES)), (observed) => {
        const counts = countsOf(observed);
        for (const observedState of observed) addToCounts(counts, observedState, -1);
        expect(counts).toEqual(emptyCounts());
      }),
    );
  });

  test('shares nothing with the next one', () => {
    addToCounts(emptyCounts(), 'ACTIVE', 5);
    expect(emptyCounts().states.ACTIVE).toBe(0);
  });
});
