import type { Deps } from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import { judgeTasks } from '../detect/judge-tasks.js';
import { ROUND, type Survey } from '../detect/survey.js';
import type { Includable } from '../options.js';

/**
 * The tasks to delete, so many at a time that memory stays small. If they are more than one round, they are found once more on
 * the way, by the same decision: a task may have changed since the survey. Cost: none for one round, else another survey.
 */
export async function* roundsOf(
  deps: Deps,
  found: Survey,
  include: readonly Includable[],
): AsyncGenerator<Candidate[]> {
  if (found.toDelete <= ROUND) {
    yield found.firstToDelete;
    return;
  }
  let round: Candidate[] = [];
  for await (const { decided } of judgeTasks(deps, include)) {
    for (const [candidate, decision] of decided) {
      if (decision === 'to-delete') round.push({ ...candidate, findings: [] });
    }
    if (round.length < ROUND) continue;
    yield round;
    round = [];
  }
  if (round.length > 0) yield round;
}
