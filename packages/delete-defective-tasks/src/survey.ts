import { CompactKeyMap, type Deps, type Redis } from '@atf/core';
import { findSuspects } from './find-suspects.js';
import type { Includable } from './options.js';
import { isToDelete, type Suspect } from './suspect.js';

/** How many tasks to be deleted, and how many kept ones, a report shows whole. */
export const TASKS_SHOWN = 1_000;
/** Repeats of SCAN come from close by: see {@link CompactKeyMap}. */
const REMEMBERED = 65_536;

/** What a look at all tasks found. */
export interface Survey {
  /** Task hashes. */
  totalTasks: number;
  /** Keys under `task:` that are no hash. */
  foreignKeys: number;
  defective: number;
  /** Tasks and keys that are only suspicious. */
  suspicious: number;
  /** What is to be deleted: all the defective, and the suspicious that were included. */
  condemned: Suspect[];
  /** How many suspicious ones are kept, and the first of them. */
  kept: number;
  keptShown: Suspect[];
}

/** Looks at every task once. Memory: for what is found, not for what is sound. */
export async function survey(
  deps: Pick<Deps, 'signal' | 'pace' | 'progress'>,
  client: Redis,
  include: readonly Includable[],
): Promise<Survey> {
  const found: Survey = {
    totalTasks: 0,
    foreignKeys: 0,
    defective: 0,
    suspicious: 0,
    condemned: [],
    kept: 0,
    keptShown: [],
  };
  const seen = new CompactKeyMap({ bound: REMEMBERED });
  const suspected = new Set<string>();
  for await (const { keys, foreign, suspects } of findSuspects(deps, client)) {
    seen.noteNew(keys, (place) => {
      if (foreign.has(place)) found.foreignKeys++;
      else found.totalTasks++;
    });
    for (const suspect of suspects) {
      const key = suspect.key.toString('latin1');
      if (suspected.has(key)) continue;
      suspected.add(key);
      if (suspect.verdict === 'defective') found.defective++;
      else found.suspicious++;
      if (isToDelete(suspect, include)) {
        found.condemned.push(suspect);
        continue;
      }
      found.kept++;
      if (found.keptShown.length < TASKS_SHOWN) found.keptShown.push(suspect);
    }
    deps.progress({ step: 'scan', what: 'Judging tasks', done: found.totalTasks });
  }
  return found;
}
