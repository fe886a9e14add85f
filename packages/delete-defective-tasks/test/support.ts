import { type Deps, depsOf, type Redis, targetOf } from '@atf/core';
import { type TestRedis, useEmptyRedis } from '@atf/sandbox/jest';
import type { DeleteDefectiveTasksOptions } from '../src/delete-defective-tasks.js';

/** A Redis for the tests of a file, empty before each of them. */
export interface Fixture extends TestRedis {
  deps(): Deps;
}

export function useFixture(): Fixture {
  const used = useEmptyRedis();
  return Object.assign(used, { deps: () => depsOf(targetOf(used.client as unknown as Redis)) });
}

export const DELETE: DeleteDefectiveTasksOptions = { dryRun: false, include: [], maxDefectivePercent: 100 };
export const DRY_RUN: DeleteDefectiveTasksOptions = { ...DELETE, dryRun: true };
/** A task that nothing is wrong with, but for its `task_id`. */
export const SOUND = {
  state: 'COMPLETED',
  created_at: '2026-11-22T15:10:00',
  retry_count: '0',
  max_retries: '3',
};
