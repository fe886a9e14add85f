import { seedAsyncTaskFlow } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { deleteDefectiveTasks } from '../src/delete-defective-tasks.js';
import { DELETE, useFixture } from './support.js';

const fixture = useFixture();

describe('suspicious tasks', () => {
  test('are reported and kept', async () => {
    const faults = { unknownState: 3, notAHash: 2 };
    await seedAsyncTaskFlow(fixture.client, { tasks: 20, seed: 8, faults });
    const before = await fixture.digest();
    const { outcome, result } = await deleteDefectiveTasks(fixture.deps(), DELETE);
    expect(outcome).toBe('clean');
    expect(result).toMatchObject({ defective: 0, suspicious: 5, kept: 5, wrongType: 2 });
    expect(await fixture.digest()).toBe(before);
  });

  test('go where their reason is included, and only those', async () => {
    const faults = { unknownState: 3, notAHash: 2 };
    await seedAsyncTaskFlow(fixture.client, { tasks: 20, seed: 8, faults });
    const include = ['not-a-hash'] as const;
    const { result } = await deleteDefectiveTasks(fixture.deps(), { ...DELETE, include });
    expect(result).toMatchObject({ toDelete: 2, deleted: 2, suspicious: 5, kept: 3 });
    expect(result.tasks.filter(({ outcome }) => outcome === 'kept')).toHaveLength(3);
  });
});
