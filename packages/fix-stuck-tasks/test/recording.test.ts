import {
  checkModel,
  counterDifferences,
  loadRecording,
  PRIMARY_QUEUE,
  RECORDING,
  RETRY_QUEUE,
  taskKey,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { Kind } from '../src/kinds.js';
import type { FixStuckTasksResult } from '../src/schema.js';
import { FIX, HOUR_LATER, LOOK, MINUTE_LATER, useBench } from './support.js';

const bench = useBench();
beforeEach(() => loadRecording(bench.client));

const idsOf = ({ findings }: FixStuckTasksResult, kind: Kind) =>
  findings
    .filter((finding) => finding.kind === kind)
    .map(({ id }) => id)
    .sort();

describe('an hour after the recording', () => {
  test('a dry run finds what is stuck, and nothing else, and writes nothing', async () => {
    const before = await bench.digest();
    const { outcome, result } = await fixStuckTasks(bench.deps(HOUR_LATER), LOOK);
    expect(outcome).toBe('found');
    expect(idsOf(result, 'stuck-active')).toEqual(RECORDING.stuckActive);
    expect(idsOf(result, 'orphaned-pending')).toEqual(RECORDING.orphanedPending);
    expect(idsOf(result, 'overdue-scheduled')).toEqual(RECORDING.overdueScheduled);
    expect(idsOf(result, 'ghost-entry')).toEqual(RECORDING.ghostEntries);
    expect(result.findings).toHaveLength(12);
    expect(result).toMatchObject({ totalTasks: 38, unjudged: null, broker: { messages: 3, opaque: 0 } });
    expect(await bench.digest()).toBe(before);
  });

  test('after the repair the model is true, and the counters agree', async () => {
    const untouched = [...RECORDING.queuedPending, ...RECORDING.pendingInBroker].map(taskKey);
    const before = await Promise.all(untouched.map((key) => bench.client.hGetAll(key)));
    const { outcome, result } = await fixStuckTasks(bench.deps(HOUR_LATER), FIX);
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(Array(12).fill('repaired'));
    const { unknownId, defectiveDlq, ...others } = await checkModel(bench.client, { now: HOUR_LATER });
    expect(others).toEqual({});
    expect(await counterDifferences(bench.client)).toEqual([]);
    expect(await Promise.all(untouched.map((key) => bench.client.hGetAll(key)))).toEqual(before);
    expect([unknownId, defectiveDlq].flat()).toHaveLength(4);
  });

  test('the oldest of what is put back is taken first, and a second run finds nothing', async () => {
    const ids = [...RECORDING.stuckActive, ...RECORDING.overdueScheduled];
    const changed = await Promise.all(ids.map((id) => bench.client.hGet(taskKey(id), 'updated_at')));
    await fixStuckTasks(bench.deps(HOUR_LATER), FIX);
    const retry = await bench.client.lRange(RETRY_QUEUE, 0, -1);
    expect(retry.map((id) => changed[ids.indexOf(id as never)])).toEqual([...changed].sort());
    const primary = await bench.client.lRange(PRIMARY_QUEUE, 0, 3);
    expect(primary.sort()).toEqual(RECORDING.orphanedPending);
    const before = await bench.digest();
    expect((await fixStuckTasks(bench.deps(HOUR_LATER), FIX)).outcome).toBe('clean');
    expect(await bench.digest()).toBe(before);
  });
});

test('a minute after it no ACTIVE and no PENDING task is stuck yet', async () => {
  const { result } = await fixStuckTasks(bench.deps(MINUTE_LATER), { ...LOOK, scheduledGraceMs: 10_000 });
  expect(idsOf(result, 'stuck-active')).toEqual([]);
  expect(idsOf(result, 'orphaned-pending')).toEqual([]);
  expect(idsOf(result, 'overdue-scheduled')).toEqual(RECORDING.overdueScheduled);
  expect(idsOf(result, 'ghost-entry')).toEqual(RECORDING.ghostEntries);
});

test('the clock is set against that of Redis', async () => {
  const far = new Date(Date.now() + 3_600_000);
  const quick = { ...LOOK, only: ['ghost-entry'] as const };
  expect((await fixStuckTasks(bench.deps(far), quick)).result.clockSkewSeconds).toBeGreaterThan(3_590);
  expect((await fixStuckTasks(bench.deps(), quick)).result.clockSkewSeconds).toBeNull();
});

test('by a clock that is too far ahead nothing is repaired, where a limit is set', async () => {
  const ahead = new Date(Date.now() + 3_600_000);
  const before = await bench.digest();
  const repair = fixStuckTasks(bench.deps(ahead), { ...FIX, maxClockAheadMs: 300_000 });
  await expect(repair).rejects.toMatchObject({ code: 'GUARD', message: expect.stringContaining('ahead') });
  expect(await bench.digest()).toBe(before);
});
