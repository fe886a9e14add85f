import { CompactKeyMap, type Deps } from '@atf/core';
import type { Includable } from '../options.js';
import { type Candidate, isToDelete } from './candidate.js';
import { findCandidates } from './find-candidates.js';

/** How many tasks to delete, and how many kept ones, a report shows whole. */
export const TASKS_SHOWN = 1_000;
/** SCAN repeats only keys that it returned shortly before: see {@link CompactKeyMap}. */
const REMEMBERED = 65_536;

/** The result of a look at all tasks. */
export interface Survey {
  /** Task hashes. */
  totalTasks: number;
  /** Keys under `task:` that are not a hash. */
  wrongType: number;
  defective: number;
  /** Tasks and keys that are only suspicious. */
  suspicious: number;
  /** All defective tasks, and the suspicious ones that were included. */
  toDelete: Candidate[];
  /** How many suspicious ones are kept, and the first of them. */
  kept: number;
  keptShown: Candidate[];
}

/** Looks at every task once. Memory: for what is found, not for what is sound. */
export async function survey(
  deps: Pick<Deps, 'target' | 'signal' | 'pace' | 'progress'>,
  include: readonly Includable[],
): Promise<Survey> {
  const found: Survey = {
    totalTasks: 0,
    wrongType: 0,
    defective: 0,
    suspicious: 0,
    toDelete: [],
    kept: 0,
    keptShown: [],
  };
  const keyMap = new CompactKeyMap({ bound: REMEMBERED });
  for await (const { keys, candidates, wrongType } of findCandidates(deps)) {
    keyMap.noteNew(keys, (index) => {
      if (wrongType.has(index)) found.wrongType++;
      else found.totalTasks++;
      const candidate = candidates.get(index);
      if (candidate) note(found, candidate, include);
    });
    deps.progress({ step: 'scan', what: 'Judging tasks', done: found.totalTasks });
  }
  return found;
}

function note(found: Survey, candidate: Candidate, include: readonly Includable[]): void {
  found[candidate.verdict]++;
  if (isToDelete(candidate, include)) found.toDelete.push(candidate);
  else if (found.kept++ < TASKS_SHOWN) found.keptShown.push(candidate);
}
