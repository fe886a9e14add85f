/*
 * This folder counts tasks and makes the state counters equal them. Read it in this order:
 *
 *   snapshot.ts               what a count returns: the tasks and the state counters at one moment
 *   open-task-counter.ts      how to count, by the size of the database
 *   count-in-one-script.ts    a small database: one script counts it
 *   count-with-tracking.ts    a larger one: page by page while it changes, and why that is exact
 *     tracking-connection.ts    the server names each task that changes; the fence
 *     changed-tasks.ts          the names in their order, and which tasks must be read
 *     scan-tasks.ts             reads all tasks, page by page
 *     observe-tasks.ts          reads changed tasks and the state counters at one moment
 *     expiring-tasks.ts         when tasks expire, because the server names those too late
 *     server-traits.ts          whether keys expire at all
 *     known-states.ts           the state of each task as it was read last, and the counts
 *     scanned-states.ts         the states that the scan read, in 8 bytes each
 *     compact-key-map.ts        which keys the scan returned lately; with murmur-hash.ts
 *     temporary-file.ts         where the scanned states of many tasks are
 *   observed-state.ts         the letters that the scripts return for states
 *   compare-counters.ts       the drift between state counters and tasks
 *   reconcile-counters.ts     repairs the drift; with adjust-counters.ts, the write
 *   permissions.ts            what a Redis user needs for that
 */

import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { isErrorReply } from '../redis/client.js';
import { failureOf } from '../redis/failure.js';
import { countInOneScript } from './count-in-one-script.js';
import { type TrackingOptions, TrackingTaskCounter } from './count-with-tracking.js';
import type { Snapshot, TaskCounter } from './snapshot.js';

/** How tasks are counted. The numbers are keys of any name. */
export interface TaskCounterOptions extends TrackingOptions {
  /** Up to this size, one script counts: other clients wait for at most 15 ms. Default 5,000. */
  oneScriptUpTo?: number;
  /** The same for a server without tracking: 0.3 s. Default 100,000. */
  oneScriptWithoutTrackingUpTo?: number;
}

/**
 * Returns a task counter. Its snapshots are exact under traffic. One script counts a small database. A larger one is counted
 * page by page, with tracking. Until tracking has begun, each snapshot looks at the size anew, because data grows.
 * See {@link countInOneScript} and {@link TrackingTaskCounter} for what each costs.
 */
export function openTaskCounter(deps: Deps, options: TaskCounterOptions = {}): TaskCounter {
  return new AdaptiveTaskCounter(deps, options);
}

class AdaptiveTaskCounter implements TaskCounter {
  #tracking: TrackingTaskCounter | undefined;

  constructor(
    private readonly deps: Deps,
    private readonly options: TaskCounterOptions,
  ) {}

  async take(): Promise<Snapshot> {
    if (this.#tracking) return await this.#tracking.take();
    const { oneScriptUpTo = 5_000 } = this.options;
    const snapshot = await countInOneScript(this.deps, oneScriptUpTo);
    if (snapshot) return snapshot;
    try {
      this.#tracking = await TrackingTaskCounter.open(this.deps, this.options);
    } catch (error) {
      if (!isRefusedTracking(error)) throw error;
      return await this.#takeWithoutTracking(error);
    }
    return await this.#tracking.take();
  }

  async close(): Promise<void> {
    await this.#tracking?.close();
    this.#tracking = undefined;
  }

  async #takeWithoutTracking(refusal: Error): Promise<Snapshot> {
    const { oneScriptWithoutTrackingUpTo = 100_000 } = this.options;
    const snapshot = await countInOneScript(this.deps, oneScriptWithoutTrackingUpTo);
    if (snapshot) return snapshot;
    const { code, message, why = message } = failureOf(refusal, this.deps.target);
    const most = oneScriptWithoutTrackingUpTo.toLocaleString('en');
    throw new AtfError(code, `more than ${most} keys cannot be counted without CLIENT TRACKING`, {
      why,
      hint:
        code === 'NO_PERMISSION'
          ? 'Give the user +client|tracking, +subscribe, +xread and &atf:counting.'
          : 'Allow CLIENT TRACKING, SUBSCRIBE, XREAD and RESP3 (HELLO 3) there. If a proxy refuses them, connect to the server itself.',
      cause: refusal,
    });
  }
}

/** True for a server, or a proxy before it, that has no tracking, or does not allow it. */
function isRefusedTracking(error: unknown): error is Error {
  return isErrorReply(error) || (error instanceof AtfError && error.code === 'SERVER');
}
