import { keyName } from '@atf/core';
import type { CleanupCeleryMetaResult } from './schema.js';

/** How many key names a report has; a text report shows fewer. */
const NAMED = 100;

/** What was seen of the results. */
export type ResultCounts = Pick<
  CleanupCeleryMetaResult,
  | 'found'
  | 'expiring'
  | 'persistent'
  | 'selected'
  | 'younger'
  | 'undated'
  | 'started'
  | 'retrying'
  | 'notStrings'
  | 'notStringKeys'
  | 'samples'
> & {
  /** Memory of the results that were measured, and how many were. */
  measuredBytes: number;
  measured: number;
};

export function emptyCounts(): ResultCounts {
  return {
    found: 0,
    expiring: 0,
    persistent: 0,
    selected: 0,
    younger: 0,
    undated: 0,
    started: 0,
    retrying: 0,
    notStrings: 0,
    notStringKeys: [],
    samples: [],
    measuredBytes: 0,
    measured: 0,
  };
}

/** Adds a key's name to a list that stays short. */
export function nameKey(names: string[], key: Buffer): void {
  if (names.length < NAMED) names.push(keyName(key));
}

/** Notes the bytes of a result that is to be deleted; 0 if they are not known. */
export function noteMemory(counts: ResultCounts, bytes: number): void {
  if (bytes === 0) return;
  counts.measuredBytes += bytes;
  counts.measured++;
}

/** How many bytes `keys` results take, estimated from the measured ones. Null if none was measured. Pure. */
export function estimatedBytes(
  { measuredBytes, measured }: Pick<ResultCounts, 'measuredBytes' | 'measured'>,
  keys: number,
): number | null {
  if (keys === 0) return 0;
  return measured === 0 ? null : Math.round((measuredBytes / measured) * keys);
}

/** Of how many results the next call measures the memory while it deletes: of all at first, later of some per call. */
export function measurable({ measured }: ResultCounts): number {
  return Math.max(40, 1_000 - measured);
}
