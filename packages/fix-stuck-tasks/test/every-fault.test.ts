import { checkModel, counterDifferences, seedAsyncTaskFlow } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { DRY_RUN, FIX, useFixture } from './support.js';
import { EVERY_FAULT } from './tasks.js';

const fixture = useFixture();

describe('on a system with every fault', () => {
  test('all is repaired in two runs: what is scheduled again is found overdue where no scheduler takes it', async () => {
    const manifest = await seedAsyncTaskFlow(fixture.client, { tasks: 600, seed: 1, faults: EVERY_FAULT });
    const first = await fixStuckTasks(fixture.deps(), FIX);
    expect(first.outcome).toBe('repaired');
    const counts = Object.fromEntries(first.result.kinds.map(({ kind, found }) => [kind, found]));
    expect(counts).toEqual({
      'stuck-active': 23,
      'orphaned-pending': 17,
      'orphaned-scheduled': 13,
      'overdue-scheduled': 19,
      'orphaned-dlq': 11,
      failed: 0,
      'ghost-entry': 16,
      'stale-entry': 27,
      'queued-and-sent': 0,
      'not-consumed': 0,
      'unindexed-message': 0,
      'future-active': 0,
    });
    const { overdueScheduled, ...others } = await checkModel(fixture.client);
    expect(others).toEqual({});
    expect(overdueScheduled?.sort()).toEqual(manifest.faults.orphanedScheduled.sort());
    const second = await fixStuckTasks(fixture.deps(), FIX);
    expect(second.result.findings.map(({ kind }) => kind)).toEqual(Array(13).fill('overdue-scheduled'));
    expect(await checkModel(fixture.client)).toEqual({});
    const before = await fixture.digest();
    expect((await fixStuckTasks(fixture.deps(), FIX)).outcome).toBe('clean');
    expect(await fixture.digest()).toBe(before);
  });

  test('a dry run finds the same, and writes nothing', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 300, seed: 2, faults: EVERY_FAULT });
    const before = await fixture.digest();
    const look = await fixStuckTasks(fixture.deps(), DRY_RUN);
    expect(look.outcome).toBe('found');
    expect(await fixture.digest()).toBe(before);
    const { result } = await fixStuckTasks(fixture.deps(), FIX);
    const idsOf = ({ findings }: typeof result) => findings.map(({ kind, id }) => `${kind} ${id}`).sort();
    expect(idsOf(result)).toEqual(idsOf(look.result));
  });

  test('a healthy one is left as it is', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 1_000, seed: 3 });
    const before = await fixture.digest();
    expect((await fixStuckTasks(fixture.deps(), FIX)).result.findings).toEqual([]);
    expect(await fixture.digest()).toBe(before);
  });

  test('2,000 faults in lists of 20,000 are repaired', async () => {
    const faults = {
      ghostEntry: 500,
      staleEntry: 250,
      duplicateEntry: 250,
      stuckActive: 500,
      overdueScheduled: 500,
    };
    await seedAsyncTaskFlow(fixture.client, {
      tasks: 40_000,
      seed: 4,
      mix: { PENDING: 6, DLQ: 4 },
      faults,
    });
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect({ outcome, found: result.findings.length }).toEqual({ outcome: 'repaired', found: 2_000 });
    expect(await counterDifferences(fixture.client)).toEqual([]);
    expect((await fixStuckTasks(fixture.deps(), FIX)).outcome).toBe('clean');
  });
});
