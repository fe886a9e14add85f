import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { countAtOnce } from './at-once.js';
import type { Census } from './cut.js';
import { type FollowOptions, followTasks } from './followed.js';

/** How a census picks its way. The numbers count keys of any name. */
export interface CensusOptions extends FollowOptions {
  /** Databases up to this size are counted at one go: other clients wait for 15 ms at the most. Default 5,000. */
  atOnceUpTo?: number;
  /** Up to this size the same is done where following finds no stable moment: 0.3 s. Default 100,000. */
  atOnceAtLast?: number;
}

/**
 * Opens a census of the tasks and their counters, exact under traffic: small databases are counted by one script,
 * larger ones are followed. See {@link countAtOnce} and {@link followTasks} for what each costs.
 */
export async function openCensus(
  deps: Deps,
  { atOnceUpTo = 5_000, atOnceAtLast = 100_000, ...options }: CensusOptions = {},
): Promise<Census> {
  const keys = Number(await deps.target.primaries[0].dbSize());
  const atOnce = countAtOnce(deps);
  if (keys <= atOnceUpTo) return atOnce;
  if (keys > atOnceAtLast) return followTasks(deps, options);
  const followed = await followTasks(deps, { patienceMs: 3_000, ...options });
  return {
    cut: () =>
      followed.cut().catch((error: unknown) => {
        if (error instanceof AtfError && error.code === 'UNSTABLE') return atOnce.cut();
        throw error;
      }),
    close: () => followed.close(),
  };
}
