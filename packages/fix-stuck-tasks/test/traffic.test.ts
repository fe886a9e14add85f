import { closeTarget, connectTarget, depsOf } from '@atf/core';
import { type Repair, repairsUnderTraffic } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { FIX, useFixture } from './support.js';

const fixture = useFixture();
const RUNS = Number(process.env.ATF_REPAIR_RUNS ?? 8);

const repair: Repair = async (url, { now: clock, ...limits }) => {
  const target = await connectTarget(url, { name: 'test' });
  try {
    const { result } = await fixStuckTasks(depsOf(target), {
      ...limits,
      ...FIX,
      clock,
      brokerUrl: url, // once the traffic has ended, only messages of other programs are left
    });
    return result.findings.filter(({ outcome }) => outcome === 'repaired').length;
  } finally {
    closeTarget(target);
  }
};

test('while workers go on, are killed and lose messages, nothing runs twice and nothing stays stuck', async () => {
  const runs = await repairsUnderTraffic(fixture.redis.url, repair, { runs: RUNS });
  expect(runs.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(runs.map(({ repaired }) => repaired.underTraffic).every((repaired) => repaired > 0)).toBe(true);
});
