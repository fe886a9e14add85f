import type { Deps } from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import { judgeTasks } from '../detect/judge-tasks.js';
import { isFull, type Survey } from '../detect/survey.js';
import type { Includable } from '../options.js';

/**
 * Yields the tasks to delete in rounds, so that memory stays small. The survey keeps the tasks of one round only. If there are
 * more, all tasks are judged again. Cost: none for one round, else another survey.
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
