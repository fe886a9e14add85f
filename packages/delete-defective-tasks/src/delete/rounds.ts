import type { Deps } from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import { judgeTasks } from '../detect/judge-tasks.js';
import { isFull, type Survey } from '../detect/survey.js';
import type { Includable } from '../options.js';

/**
 * The tasks to delete, so many at a time that memory stays small. If they do not fit into one round, they are found once more
 * on the way, by the same decision: a task may have changed since the survey. Cost: none for one round, else another survey.
 */
export async function* roundsOf(
  deps: Deps,
  found: Survey,
  include: readonly Includable[],
): AsyncGenerator<Candidate[]> {
  if (found.counts.toDelete === found.firstToDelete.length) {
    yield found.firstToDelete;
    return;
  }
  let round: Candidate[] = [];
  let bytes = 0;
  for await (const { decided } of judgeTasks(deps, include)) {
    for (const [candidate, decision] of decided) {
      if (decision !== 'to-delete') continue;
      round.push({ ...candidate, findings: [] });
      bytes += candidate.key.length;
    }
    if (!isFull({ length: round.length, bytes })) continue;
    yield round;
    round = [];
    bytes = 0;
  }
  if (round.length > 0) yield round;
}
