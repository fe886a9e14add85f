import { type Deps, depsOf, type ProgressUpdate, type Redis, type Step, targetOf } from '@atf/core';
import { bindingKey, CONSUMER, heartbeatKey, RECORDING, type TaskFields, taskKey } from '@atf/sandbox';
import { type TestRedis, useEmptyRedis } from '@atf/sandbox/jest';

/** A Redis for the tests of a file, empty before each of them. */
export interface Fixture extends TestRedis {
  deps(): Deps;
  /** Does what a consumer and a worker do that have nothing to do: the broker is ours, and empty. */
  startIdle(): Promise<void>;
  /** Deps that do something once, when the work tells that it has come to a step. */
  when(step: Step, act: () => Promise<unknown>): Deps;
  /** Writes fields of a task's hash. */
  write(id: string, fields: TaskFields): Promise<number>;
}

export function useFixture(): Fixture {
  const used = useEmptyRedis();
  const deps = (): Deps => depsOf(targetOf(used.client as unknown as Redis));
  const startIdle = async () => {
    await used.client.sAdd(bindingKey('celery'), 'celery\x06\x16\x06\x16celery');
    await used.client.set(heartbeatKey(CONSUMER), String(Date.now() / 1000), { EX: 90 });
  };
  const when = (step: Step, act: () => Promise<unknown>): Deps => {
    let isDone = false;
    const progress = (update: ProgressUpdate) => {
      if (update.step !== step || isDone) return;
      isDone = true;
      act().catch(() => {});
    };
    return { ...deps(), progress };
  };
  const write = (id: string, fields: TaskFields) => used.client.hSet(taskKey(id), fields);
  return Object.assign(used, { deps, when, write, startIdle });
}

/** Without the two seconds between two snapshots. */
export const FIX = { dryRun: false, wait: async () => {} };
export const DRY_RUN = { ...FIX, dryRun: true };
/** With them, so that something can happen meanwhile. */
export const FIX_WAITING = { dryRun: false };
/** An hour after the recording's last time. */
export const HOUR_LATER = new Date(RECORDING.endedAt.getTime() + 3_600_000);
export const MINUTE_LATER = new Date(RECORDING.endedAt.getTime() + 60_000);
