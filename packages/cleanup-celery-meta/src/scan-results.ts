import { CELERY_META_KEY_PATTERN, type Deps, KeyLedger, loadReadingScript, runScript } from '@atf/core';
import { measurable, nameKey, type ResultTally } from './tally.js';

const SCAN_RESULTS = loadReadingScript(import.meta.url, './scan-results.lua');

/** Keys of any name that one page looks at: blocks other clients for about 2 ms. More where few of them are results. */
const PAGE = 500;
const SPARSE_PAGE = 2_000;

type Reply = [cursor: Buffer, keys: Buffer[], letters: Buffer, bytes: number, measured: number];

/**
 * Walks the results in pages and counts them, each once although SCAN may return a key twice. Yields the keys of those
 * that are strings.
 *
 * Cost: one call for 500 keys of the database, two commands a result; values are not read. Memory is constant.
 */
export async function* scanResults(
  { target, signal }: Pick<Deps, 'target' | 'signal'>,
  tally: ResultTally,
): AsyncGenerator<Buffer[]> {
  const ledger = new KeyLedger({ bound: 65_536 });
  let cursor = '0';
  let size = PAGE;
  do {
    signal.throwIfAborted();
    const [next, keys, letters, bytes, measured] = await runScript<Reply>(target.primaries[0], SCAN_RESULTS, {
      args: [cursor, String(size), CELERY_META_KEY_PATTERN, String(measurable(tally))],
    });
    cursor = next.toString();
    size = keys.length * 20 < size ? SPARSE_PAGE : PAGE;
    tally.measuredBytes += bytes;
    tally.measured += measured;
    const results = keys.filter((key, i) => {
      const letter = String.fromCharCode(letters[i]!);
      return letter !== '-' && ledger.note(key, 1) === 0 && noteResult(tally, key, letter);
    });
    if (results.length > 0) yield results;
  } while (cursor !== '0');
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
