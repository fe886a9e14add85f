import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { isErrorReply } from '../redis/client.js';
import { failureOf } from '../redis/failure.js';
import { countInOneScript } from './count-in-one-script.js';
import { countWithTracking, type TrackingOptions } from './count-with-tracking.js';
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
 * page by page, with tracking. Each snapshot looks at the size, because data grows, until tracking has begun.
 * See {@link countInOneScript} and {@link countWithTracking} for what each costs.
 */
export function openTaskCounter(deps: Deps, options: TaskCounterOptions = {}): TaskCounter {
  return new AdaptiveTaskCounter(deps, options);
}

class AdaptiveTaskCounter implements TaskCounter {
  #tracking: TaskCounter | undefined;

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
      this.#tracking = await countWithTracking(this.deps, this.options);
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
