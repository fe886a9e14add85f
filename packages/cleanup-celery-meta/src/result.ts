import type { Deletion } from './deletion.js';
import { estimatedBytes, type ResultCounts } from './result-counts.js';

/** What was found, and what was done about it. Key names are 100 at the most; no samples where there was no look before. */
export interface CleanupCeleryMetaResult extends Omit<ResultCounts, 'measuredBytes' | 'measured'> {
  /** The age asked for by --older-than, in ms; null: results of every age. */
  olderThanMs: number | null;
  /** Memory of those to be deleted in bytes, an estimate from `measured` of them; null where none was measured. */
  memory: { estimatedBytes: number; measured: number } | null;
  deleted: number;
  /** Left alone because they changed after they were judged or saved. */
  changed: number;
  /** How many were there at the end, by a last look; null where there was none. What came meanwhile is among them. */
  left: number | null;
  backup: { path: string; records: number } | null;
}

interface Told {
  olderThanMs: number | undefined;
  backup: string | undefined;
}

/** The result of a look: nothing is deleted. */
export function resultOfLook(counts: ResultCounts, { olderThanMs }: Told): CleanupCeleryMetaResult {
  const bytes = estimatedBytes(counts, counts.selected);
  const { found, expiring, persistent, selected, younger, undated } = counts;
  return {
    olderThanMs: olderThanMs ?? null,
    found,
    expiring,
    persistent,
    selected,
    younger,
    undated,
    notStrings: counts.notStrings,
    notStringKeys: counts.notStringKeys,
    samples: counts.samples,
    memory: bytes === null ? null : { estimatedBytes: bytes, measured: counts.measured },
    deleted: 0,
    changed: 0,
    left: null,
    backup: null,
  };
}

/** The result of a deletion, whatever ended it. */
export function resultOfDeletion(deletion: Deletion, told: Told): CleanupCeleryMetaResult {
  const { counts, deleted, changed, left, backedUp } = deletion;
  return {
    ...resultOfLook(counts, told),
    deleted,
    changed,
    left,
    backup: told.backup === undefined || backedUp === null ? null : { path: told.backup, records: backedUp },
  };
}
