import {
  activeTask,
  checkModel,
  counterDifferences,
  loadRecording,
  MINUTE,
  microsOf,
  PRIMARY_QUEUE,
  RECORDING,
  RETRY_QUEUE,
  taskKey,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { Kind } from '../src/kinds.js';
import type { FixStuckTasksResult } from '../src/schema.js';
import { DRY_RUN, FIX, HOUR_LATER, MINUTE_LATER, useFixture } from './support.js';

const fixture = useFixture();
beforeEach(() => loadRecording(fixture.client));

const idsOf = ({ findings }: FixStuckTasksResult, kind: Kind) =>
  findings
    .filter((finding) => finding.kind === kind)
    .map(({ id }) => id)
    .sort();

describe('an hour after the recording', () => {
  test('a dry run finds what is stuck, and nothing else, and writes nothing', async () => {
    const before = await fixture.digest();
    const { outcome, result } = await fixStuckTasks(fixture.deps(), { ...DRY_RUN, clock: () => HOUR_LATER });
    expect(outcome).toBe('found');
    expect(idsOf(result, 'stuck-active')).toEqual(RECORDING.stuckActive);
    expect(idsOf(result, 'orphaned-pending')).toEqual(RECORDING.orphanedPending);
    expect(idsOf(result, 'overdue-scheduled')).toEqual(RECORDING.overdueScheduled);
    expect(idsOf(result, 'ghost-entry')).toEqual(RECORDING.ghostEntries);
    expect(result.findings).toHaveLength(12);
    expect(result).toMatchObject({ totalTasks: 38, undecided: null, broker: { messages: 3, unreadable: 0 } });
    expect(await fixture.digest()).toBe(before);
  });

  test('after the repair the model is true, and the counters agree', async () => {
    const untouched = [...RECORDING.queuedPending, ...RECORDING.pendingInBroker].map(taskKey);
    const before = await Promise.all(untouched.map((key) => fixture.client.hGetAll(key)));
    const { outcome, result } = await fixStuckTasks(fixture.deps(), { ...FIX, clock: () => HOUR_LATER });
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(Array(12).fill('repaired'));
    const { unknownId, defectiveDlq, ...others } = await checkModel(fixture.client, { now: HOUR_LATER });
    expect(others).toEqual({});
    expect(await counterDifferences(fixture.client)).toEqual([]);
    expect(await Promise.all(untouched.map((key) => fixture.client.hGetAll(key)))).toEqual(before);
    expect([unknownId, defectiveDlq].flat()).toHaveLength(4);
  });

  test('the oldest of what is put back is taken first, and a second run finds nothing', async () => {
    const ids = [...RECORDING.stuckActive, ...RECORDING.overdueScheduled];
    const changed = await Promise.all(ids.map((id) => fixture.client.hGet(taskKey(id), 'updated_at')));
    await fixStuckTasks(fixture.deps(), { ...FIX, clock: () => HOUR_LATER });
    const retry = await fixture.client.lRange(RETRY_QUEUE, 0, -1);
    expect(retry.map((id) => changed[ids.indexOf(id as never)])).toEqual([...changed].sort());
    const primary = await fixture.client.lRange(PRIMARY_QUEUE, 0, 3);
    expect(primary.sort()).toEqual(RECORDING.orphanedPending);
    const before = await fixture.digest();
    expect((await fixStuckTasks(fixture.deps(), { ...FIX, clock: () => HOUR_LATER })).outcome).toBe('clean');
    expect(await fixture.digest()).toBe(before);
  });
});

test('a minute after it no ACTIVE and no PENDING task is stuck yet', async () => {
  const { result } = await fixStuckTasks(fixture.deps(), {
    ...DRY_RUN,
    scheduledGraceMs: 10_000,
    clock: () => MINUTE_LATER,
  });
  expect(idsOf(result, 'stuck-active')).toEqual([]);
  expect(idsOf(result, 'orphaned-pending')).toEqual([]);
  expect(idsOf(result, 'overdue-scheduled')).toEqual(RECORDING.overdueScheduled);
  expect(idsOf(result, 'ghost-entry')).toEqual(RECORDING.ghostEntries);
});

test("this machine's clock does not matter: ages are computed by that of Redis", async () => {
  const ahead = { ...fixture.deps(), now: () => new Date(Date.now() + 3_600_000) };
  const behind = { ...fixture.deps(), now: () => new Date(Date.now() - 30 * 86_400_000) };
  await fixture.client.flushDb();
  await fixture.startIdle();
  const startedAt = microsOf(new Date()) - 11 * MINUTE;
  const task = { id: 'runs', content: 'x', createdAt: startedAt };
  await fixture.write('runs', activeTask(task, { workerId: 'celery-h-1', startedAt }));
  expect((await fixStuckTasks(ahead, FIX)).result.findings).toEqual([]);
  expect(
    (await fixStuckTasks(behind, { ...DRY_RUN, activeTimeoutMs: 600_000 })).result.findings,
  ).toMatchObject([{ id: 'runs', kind: 'stuck-active', ageSeconds: 660 }]);
});
