import type { Deletion } from './deletion.js';
import { estimatedBytes, type ResultCounts } from './result-counts.js';
import type { CleanupCeleryMetaResult } from './schema.js';

/** The result of a survey, which deletes nothing. Pure. */
export function resultOfSurvey(
  { measuredBytes, measured, ...counts }: ResultCounts,
  olderThanMs: number | undefined,
  keys: number,
): CleanupCeleryMetaResult {
  const bytes = estimatedBytes({ measuredBytes, measured }, counts.selected);
  return {
    keys,
    olderThanMs: olderThanMs ?? null,
    ...counts,
    memory: bytes === null ? null : { estimatedBytes: bytes, measured },
    deleted: 0,
    changed: 0,
    left: null,
    backup: null,
  };
}

/** The result of a deletion, also of one that ended early. Pure. */
export function resultOfDeletion(
  { counts, deleted, changed, left, backup }: Deletion,
  olderThanMs: number | undefined,
  keys: number,
): CleanupCeleryMetaResult {
  return { ...resultOfSurvey(counts, olderThanMs, keys), deleted, changed, left, backup };
}
