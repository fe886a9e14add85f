import { type Locations, OBSERVED_STATES, QUEUE_KEYS } from '@atf/core';
import { describe, expect, test } from '@jest/globals';
import { entryFault, type JudgedEntry } from './entry-fault.js';

const NOWHERE = { primary: false, retry: false, dlq: false, scheduled: false, broker: false };
const [PRIMARY, RETRY, DLQ, SCHEDULED] = QUEUE_KEYS;

type Rest = Partial<Omit<JudgedEntry, 'locations'>> & { in?: Partial<Locations> };
const faultOf = (queue: JudgedEntry['queue'], { in: locations, ...rest }: Rest) =>
  entryFault({
    queue,
    observedState: 'PENDING',
    isRepeated: false,
    ...rest,
    locations: { ...NOWHERE, ...locations },
  });

describe('an entry', () => {
  test.each(QUEUE_KEYS)('of %s is a ghost if its task is gone', (queue) => {
    expect(faultOf(queue, { observedState: 'absent' })).toBe('ghost');
    expect(faultOf(queue, { observedState: 'absent', isRepeated: true })).toBe('ghost');
  });

  test.each([
    [PRIMARY, ['COMPLETED', 'ACTIVE', 'DLQ']],
    [RETRY, ['COMPLETED', 'ACTIVE', 'DLQ']],
    [DLQ, ['PENDING', 'ACTIVE', 'COMPLETED', 'SCHEDULED']],
    [SCHEDULED, ['COMPLETED', 'ACTIVE', 'DLQ']],
  ])('of %s is stale in the states %j and no other', (queue, stale) => {
    for (const observedState of OBSERVED_STATES.slice(1)) {
      const expected = stale.includes(observedState) ? 'state' : undefined;
      expect([observedState, faultOf(queue, { observedState })]).toEqual([observedState, expected]);
    }
  });

  test('of a SCHEDULED task in a pending list is stale only while the task is scheduled too', () => {
    expect(faultOf(RETRY, { observedState: 'SCHEDULED' })).toBeUndefined();
    expect(faultOf(RETRY, { observedState: 'SCHEDULED', in: { scheduled: true } })).toBe('state');
  });

  test('of a PENDING task in the sorted set is stale only while a pending list holds the task too', () => {
    expect(faultOf(SCHEDULED, {})).toBeUndefined();
    expect(faultOf(SCHEDULED, { in: { retry: true } })).toBe('unscheduled');
  });

  test('that its list holds already is one too many', () => {
    expect(faultOf(PRIMARY, { isRepeated: true })).toBe('twice');
    expect(faultOf(DLQ, { observedState: 'DLQ', isRepeated: true })).toBe('twice');
  });

  test('of a PENDING task in both pending lists is one too many', () => {
    expect(faultOf(RETRY, { in: { primary: true, retry: true } })).toBe('both');
  });
});
