import { CELERY_META_KEY_PATTERN, type Deps, KeyLedger, loadReadingScript, scanPages } from '@atf/core';
import { measurable, nameKey, type ResultTally } from './tally.js';

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
  tally: ResultTally,
): AsyncGenerator<Buffer[]> {
  const ledger = new KeyLedger({ bound: 65_536 });
  const pages = scanPages<Reply>(target.primaries[0], SCAN_RESULTS, {
    count: PAGE,
    pace,
    args: () => [CELERY_META_KEY_PATTERN, String(measurable(tally))],
    signal,
  });
  for await (const [keys, letters, bytes, measured] of pages) {
    tally.measuredBytes += bytes;
    tally.measured += measured;
    const results = keys.filter((key, i) => {
      const letter = String.fromCharCode(letters[i]!);
      return letter !== '-' && ledger.note(key, 1) === 0 && noteResult(tally, key, letter);
    });
    if (results.length > 0) yield results;
  }
}

/** Counts a key by its letter of `scan-results.lua`; returns whether it is a result. */
function noteResult(tally: ResultTally, key: Buffer, letter: string): boolean {
  if (letter === 'x') {
    tally.notStrings++;
    nameKey(tally.notStringKeys, key);
    return false;
  }
  tally.found++;
  if (letter === 'e') tally.expiring++;
  else tally.persistent++;
  return true;
}
