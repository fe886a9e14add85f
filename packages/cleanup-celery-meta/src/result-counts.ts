import { keyName } from '@atf/core';

/** How many key names a report has; a text report shows fewer. */
const NAMED = 100;

/** What was seen of the results. */
export interface ResultCounts {
  /** Results of whatever age. */
  found: number;
  /** Of those found: how many have an expiry, and how many are never removed on their own. */
  expiring: number;
  persistent: number;
  /** Of those found: how many are to be deleted. */
  selected: number;
  /** Of those found: how many are kept because they are younger, or because nobody knows when they were done. */
  younger: number;
  undated: number;
  /** Keys of that name that are no string, and therefore no results. */
  notStrings: number;
  notStringKeys: string[];
  /** Names of some that are to be deleted. */
  samples: string[];
  /** Memory of the results that were measured, and how many those were. */
  measuredBytes: number;
  measured: number;
}

export function emptyCounts(): ResultCounts {
  return {
    found: 0,
    expiring: 0,
    persistent: 0,
    selected: 0,
    younger: 0,
    undated: 0,
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

/** Bytes that `keys` results take, from those that were measured: an estimate. Null where none was. */
export function estimatedBytes({ measuredBytes, measured }: ResultCounts, keys: number): number | null {
  if (keys === 0) return 0;
  return measured === 0 ? null : Math.round((measuredBytes / measured) * keys);
}

/** Of how many results the next page is to measure the memory: of all at first, later of one a page. */
export function measurable({ measured }: ResultCounts): number {
  return Math.max(1, 1_000 - measured);
}
