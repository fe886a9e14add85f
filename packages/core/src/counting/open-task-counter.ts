import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { countInOneScript } from './count-in-one-script.js';
import { countWithTracking, type TrackingOptions } from './count-with-tracking.js';
import type { TaskCounter } from './snapshot.js';

/** How a counter picks its way. The numbers count keys of any name. */
export interface TaskCounterOptions extends TrackingOptions {
  /** Databases up to this size are counted at one go: other clients wait for 15 ms at the most. Default 5,000. */
  oneScriptUpTo?: number;
  /** Up to this size the same is done where following finds no stable moment: 0.3 s. Default 100,000. */
  oneScriptAsFallbackUpTo?: number;
}

/**
 * Opens a count of the tasks and their counters, exact under traffic: small databases are counted by one script,
 * larger ones are followed. See {@link countInOneScript} and {@link countWithTracking} for what each costs.
 */
export async function openTaskCounter(
  deps: Deps,
  { oneScriptUpTo = 5_000, oneScriptAsFallbackUpTo = 100_000, ...options }: TaskCounterOptions = {},
): Promise<TaskCounter> {
  const keys = Number(await deps.target.client.dbSize());
  const inOneScript = countInOneScript(deps);
  if (keys <= oneScriptUpTo) return inOneScript;
  if (keys > oneScriptAsFallbackUpTo) return countWithTracking(deps, options);
  const followed = await countWithTracking(deps, { patienceMs: 3_000, ...options });
  return {
    take: () =>
      followed.take().catch((error: unknown) => {
        if (error instanceof AtfError && error.code === 'UNSTABLE') return inOneScript.take();
        throw error;
      }),
    close: () => followed.close(),
  };
}
