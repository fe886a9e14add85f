import { describe, expect, test } from '@jest/globals';
import { isTaskState, perState, TASK_STATES } from './task-states.js';

test('the six states come in the order in which operators know them', () => {
  expect(TASK_STATES).toEqual(['PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ']);
});

describe('a word', () => {
  test.each(TASK_STATES)('%s is a state', (state) => {
    expect(isTaskState(state)).toBe(true);
  });

  test.each(['completed', ' ACTIVE', 'ACTIVE\n', 'ARCHIVED', '', 'constructor'])('%j is none', (word) => {
    expect(isTaskState(word)).toBe(false);
  });
});

test('a value per state is built in their order, with state and place', () => {
  const built = perState((state, place) => `${place}${state}`);
  expect(Object.keys(built)).toEqual([...TASK_STATES]);
  expect(built).toEqual({
    PENDING: '0PENDING',
    ACTIVE: '1ACTIVE',
    COMPLETED: '2COMPLETED',
    FAILED: '3FAILED',
    SCHEDULED: '4SCHEDULED',
    DLQ: '5DLQ',
  });
});
