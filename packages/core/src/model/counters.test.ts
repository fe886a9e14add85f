import { expect, test } from '@jest/globals';
import { counterValue, type StateCounter } from './counters.js';

test.each<[StateCounter, bigint | undefined]>([
  [{ kind: 'missing' }, 0n],
  [{ kind: 'integer', value: -3n }, -3n],
  [{ kind: 'text', bytes: Buffer.from('4 ') }, undefined],
  [{ kind: 'wrong-type', type: 'list' }, undefined],
])('the value of %j is %s', (counter, value) => {
  expect(counterValue(counter)).toBe(value);
});
