import { CELERY_META_KEY_PATTERN, CompactKeyMap, type Deps, loadReadingScript, scanPages } from '@atf/core';
import { measurable, nameKey, type ResultCounts } from './result-counts.js';

const SCAN_RESULTS = loadReadingScript(import.meta.url, './scan-results.lua');

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 500;

type Reply = [keys: Buffer[], letters: Buffer, bytes: number, measured: number];

/**
 * Walks the results in pages and counts each once, although SCAN may return a key twice. Yields the keys that hold a string.
 *
 * Cost: one call for some hundreds of keys of the database, two commands per result; values are not read. Memory is constant.
 */
export async function* scanResults(
  { target, signal, pace, scanned }: Pick<Deps, 'target' | 'signal' | 'pace' | 'scanned'>,
  counts: ResultCounts,
): AsyncGenerator<Buffer[]> {
  const keyMap = new CompactKeyMap({ bound: 65_536 });
  const pages = scanPages<Reply>(target.client, SCAN_RESULTS, {
    count: PAGE,
    pace,
    args: () => [CELERY_META_KEY_PATTERN, String(measurable(counts))],
    signal,
    scanned,
  });
  for await (const [keys, letters, bytes, measured] of pages) {
    counts.measuredBytes += bytes;
    counts.measured += measured;
    const results = keys.filter((key, i) => {
      const kind = KIND_OF[String.fromCharCode(letters[i]!)];
      return kind !== undefined && keyMap.note(key, 1) === 0 && noteResult(counts, key, kind);
    });
    if (results.length > 0) yield results;
  }
}

/** The letters of `scan-results.lua`; a key without a kind is gone. */
const KIND_OF: Readonly<Record<string, 'expiring' | 'persistent' | 'not-string'>> = {
  e: 'expiring',
  n: 'persistent',
  x: 'not-string',
};

/** Counts a key by its kind; returns whether it is a result. */
function noteResult(counts: ResultCounts, key: Buffer, kind: (typeof KIND_OF)[string]): boolean {
  if (kind === 'not-string') {
    counts.notStrings++;
    nameKey(counts.notStringKeys, key);
    return false;
  }
  counts.found++;
  counts[kind]++;
  return true;
}
