import { CELERY_META_KEY_PATTERN, CompactKeyMap, type Deps, loadReadingScript, scanPages } from '@atf/core';
import { measurable, nameKey, type ResultCounts } from './result-counts.js';

const SCAN_RESULTS = loadReadingScript(import.meta.url, './scan-results.lua');

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 500;

type Reply = [keys: Buffer[], letters: Buffer, bytes: number, measured: number];

/**
 * Walks the results in pages and counts them, each once although SCAN may return a key twice. Yields the keys of those
 * that are strings.
 *
 * Cost: one call for some hundreds of keys of the database, two commands a result; values are not read. Memory is constant.
 */
export async function* scanResults(
  { target, signal, pace }: Pick<Deps, 'target' | 'signal' | 'pace'>,
  counts: ResultCounts,
): AsyncGenerator<Buffer[]> {
  const keyMap = new CompactKeyMap({ bound: 65_536 });
  const pages = scanPages<Reply>(target.client, SCAN_RESULTS, {
    count: PAGE,
    pace,
    args: () => [CELERY_META_KEY_PATTERN, String(measurable(counts))],
    signal,
  });
  for await (const [keys, letters, bytes, measured] of pages) {
    counts.measuredBytes += bytes;
    counts.measured += measured;
    const results = keys.filter((key, i) => {
      const letter = String.fromCharCode(letters[i]!);
      return letter !== '-' && keyMap.note(key, 1) === 0 && noteResult(counts, key, letter);
    });
    if (results.length > 0) yield results;
  }
}

/** Counts a key by its letter of `scan-results.lua`; returns whether it is a result. */
function noteResult(counts: ResultCounts, key: Buffer, letter: string): boolean {
  if (letter === 'x') {
    counts.notStrings++;
    nameKey(counts.notStringKeys, key);
    return false;
  }
  counts.found++;
  if (letter === 'e') counts.expiring++;
  else counts.persistent++;
  return true;
}
