import type { Deletion } from './deletion.js';
import { estimatedBytes, type ResultCounts } from './result-counts.js';
import type { CleanupCeleryMetaResult } from './schema.js';

/** The result of a look: nothing is deleted. Pure. */
export function resultOfLook(
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

/** The result of a deletion, whatever ended it. Pure. */
export function resultOfDeletion(
  { counts, deleted, changed, left, backup }: Deletion,
  olderThanMs: number | undefined,
  keys: number,
): CleanupCeleryMetaResult {
  return { ...resultOfLook(counts, olderThanMs, keys), deleted, changed, left, backup };
}
