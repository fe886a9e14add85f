import type { WorkDone } from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import type { DeleteDefectiveTasksResult, DeleteOutcome } from '../schema.js';

/** The outcomes so far. They are true at any moment, so a run that ends early can report them. */
export interface Deletion {
  counts: Record<DeleteOutcome, number>;
  removed: DeleteDefectiveTasksResult['removed'];
  /** The file of the backup; null without one. */
  backup: DeleteDefectiveTasksResult['backup'];
  /** Outcomes of the tasks that a report shows, by key in latin1; undefined: not reached. */
  shown: Map<string, DeleteOutcome | undefined>;
  /** How many tasks are in a call without an answer. */
  unanswered: number;
  /** True if the run was stopped before it had reached all tasks. */
  stopped: boolean;
}

export function newDeletion(shown: readonly Candidate[]): Deletion {
  return {
    counts: { deleted: 0, gone: 0, changed: 0, 'in-use': 0 },
    removed: { listEntries: 0, scheduledEntries: 0, deadLetterCopies: 0, counted: 0 },
    backup: null,
    shown: new Map(shown.map(({ key }) => [key.toString('latin1'), undefined])),
    unanswered: 0,
    stopped: false,
  };
}

/** Notes the outcome of a task. */
export function noteOutcome({ counts, shown }: Deletion, { key }: Candidate, outcome: DeleteOutcome): void {
  counts[outcome]++;
  const name = key.toString('latin1');
  if (shown.has(name)) shown.set(name, outcome);
}

/** How many of the tasks to delete were reached. Pure. */
export function reached({ counts }: Deletion): number {
  return counts.deleted + counts.gone + counts.changed + counts['in-use'];
}

/** The work done before a failure. Pure. */
export function workDone({ counts, unanswered }: Deletion): WorkDone {
  return { action: 'deleted', counts: { tasks: counts.deleted }, unconfirmed: unanswered };
}
