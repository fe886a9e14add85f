import { type AtfError, failureOf, type Target } from '@atf/core';
import { emptyCounts, type ResultCounts } from './result-counts.js';
import type { CleanupCeleryMetaResult } from './schema.js';

/** What a deletion has done so far. It is true at any moment, so a run that ends early can report it. */
export interface Deletion {
  /** The results that it found. */
  counts: ResultCounts;
  deleted: number;
  /** Left alone because they changed between the judging or the backup and the deletion. */
  changed: number;
  /** How many keys are in a call that is not answered yet. */
  unanswered: number;
  /** Results to delete that are there at the end; null as long as nobody knows. */
  left: number | null;
  /** The backup and its records on disk; null without one. */
  backup: CleanupCeleryMetaResult['backup'];
}

export function newDeletion(): Deletion {
  return { counts: emptyCounts(), deleted: 0, changed: 0, unanswered: 0, left: null, backup: null };
}

/** Adds to a failure how many results were deleted. */
export function deletionFailure(error: unknown, target: Target, { deleted, unanswered }: Deletion): AtfError {
  return failureOf(error, target, {
    action: 'deleted',
    counts: { results: deleted },
    unconfirmed: unanswered,
  });
}
