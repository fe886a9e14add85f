import { expect, test } from '@jest/globals';
import { until } from '../jest/until.js';
import { REAL_CLOCK, WorkClock } from './work-clock.js';

test('the clock of the work stands still between two steps, and a step is ten milliseconds at most', async () => {
  const clock = new WorkClock();
  const start = clock.now();
  const later = REAL_CLOCK.now() + 30;
  await until(() => REAL_CLOCK.now() > later);
  expect(clock.now()).toBe(start);
  clock.step();
  expect(clock.now() - start).toBeCloseTo(10);
  await Promise.all([clock.wait(15), until(() => clock.step() ?? clock.now() - start > 25)]);
});
