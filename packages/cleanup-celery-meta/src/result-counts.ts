import { keyName } from '@atf/core';
import type { CleanupCeleryMetaResult } from './schema.js';

/** How many key names a report has; a text report shows fewer. */
const NAMED = 100;

/** Counts of the results that were read. */
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
  /** The memory of the measured results, and how many were measured. */
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

/** How many results the next call of a deletion measures: all at first, later 40 per call. */
export function measurable({ measured }: ResultCounts): number {
  return Math.max(40, 1_000 - measured);
}
