import { CompactKeyMap, type Deps } from '@atf/core';
import type { Includable } from '../options.js';
import { type Candidate, isToDelete } from './candidate.js';
import { findCandidates } from './find-candidates.js';
import { isClaimed, readUnacknowledged, type Unacknowledged } from './unacknowledged.js';

/** SCAN may return a key twice. A repeat within this many keys is not judged again. */
const REMEMBERED = 65_536;

/** `in-use`: a worker may still write to the task. That write would create a new defective task, so it is kept. */
export type Decision = 'to-delete' | 'in-use' | 'kept';

/** Keys under `task:`, without repeats. */
export interface JudgedPage {
  keys: number;
  /** The candidates, each with the decision about it. */
  decided: [Candidate, Decision][];
}

/** Walks all task keys once, and decides about each candidate. Cost: that of `findCandidates`. Memory is constant. */
export async function* judgeTasks(deps: Deps, include: readonly Includable[]): AsyncGenerator<JudgedPage> {
  let unacknowledged: Unacknowledged | undefined;
  const known = new CompactKeyMap({ bound: REMEMBERED });
  for await (const { keys, candidates } of findCandidates(deps)) {
    const page: JudgedPage = { keys: 0, decided: [] };
    const isAnyToDelete = [...candidates.values()].some((candidate) => isToDelete(candidate, include));
    if (isAnyToDelete) unacknowledged ??= await readUnacknowledged(deps);
    known.noteNew(keys, (index) => {
      page.keys++;
      const candidate = candidates.get(index);
      if (!candidate) return;
      if (!isToDelete(candidate, include)) page.decided.push([candidate, 'kept']);
      else page.decided.push([candidate, isInUse(candidate) ? 'in-use' : 'to-delete']);
    });
    yield page;
  }

  function isInUse(candidate: Candidate): boolean {
    return candidate.hasLiveWorker || (unacknowledged !== undefined && isClaimed(unacknowledged, candidate));
  }
}
