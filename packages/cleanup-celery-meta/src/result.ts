import type { Deletion } from './deletion.js';
import { estimatedBytes, type ResultCounts } from './result-counts.js';
import type { CleanupCeleryMetaResult } from './schema.js';

interface Request {
  olderThanMs: number | undefined;
  backup: string | undefined;
}

/** The result of a look: nothing is deleted. Pure. */
export function resultOfLook(
  { measuredBytes, measured, ...counts }: ResultCounts,
  { olderThanMs }: Request,
): CleanupCeleryMetaResult {
  const bytes = estimatedBytes({ measuredBytes, measured }, counts.selected);
  return {
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
  { counts, deleted, changed, left, backedUp }: Deletion,
  request: Request,
): CleanupCeleryMetaResult {
  const { backup: path } = request;
  const backup = path === undefined || backedUp === null ? null : { path, records: backedUp };
  return { ...resultOfLook(counts, request), deleted, changed, left, backup };
}
