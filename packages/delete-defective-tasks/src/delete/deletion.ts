import type { WorkDone } from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import type { DeleteDefectiveTasksResult, DeleteOutcome } from '../schema.js';

/** What became of the tasks to delete: true at any moment, whatever ends it. */
export interface Deletion {
  counts: Record<DeleteOutcome, number>;
  removed: DeleteDefectiveTasksResult['removed'];
  /** The file of the backup; null without one. */
  backup: DeleteDefectiveTasksResult['backup'];
  /** What became of the tasks that a report shows, by their key in latin1. */
  shown: Map<string, DeleteOutcome | undefined>;
  /** How many tasks are in a call without an answer. */
  unanswered: number;
  /** True if it was stopped before it had reached all. */
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

/** Notes what became of a task. */
export function noteOutcome({ counts, shown }: Deletion, { key }: Candidate, outcome: DeleteOutcome): void {
  counts[outcome]++;
  const name = key.toString('latin1');
  if (shown.has(name)) shown.set(name, outcome);
}

/** How many of the tasks to delete were reached. Pure. */
export function reached({ counts }: Deletion): number {
  return counts.deleted + counts.gone + counts.changed + counts['in-use'];
}

/** What a failure reports as done. Pure. */
export function workDone({ counts, unanswered }: Deletion): WorkDone {
  return { action: 'deleted', counts: { tasks: counts.deleted }, unconfirmed: unanswered };
}
