import { CELERY_META_KEY_PATTERN, CompactKeyMap, type Deps, loadReadingScript, scanPages } from '@atf/core';
import { nameKey, noteMemory, type ResultCounts } from './result-counts.js';

const SCAN_RESULTS = loadReadingScript(import.meta.url, './scan-results.lua');

/** Keys of any name that one page scans at full pace. Blocks other clients for about 2 ms. */
const PAGE = 500;

type Reply = [keys: Buffer[], letters: Buffer, states: Buffer, bytes: number[]];

/** The script's letters. Another letter means that the key is gone. */
const KIND_OF: Readonly<Record<string, 'expiring' | 'persistent' | 'not-string'>> = {
  e: 'expiring',
  n: 'persistent',
  x: 'not-string',
};
const STATE_OF: Readonly<Record<string, 'started' | 'retrying'>> = { S: 'started', R: 'retrying' };

/**
 * Walks the results in pages and counts each once, although SCAN may return a key twice. Yields the keys that hold a string.
 * With `selectsAll`, all results are to be deleted. It then also counts their states and their memory.
 *
 * Cost: one call for some hundreds of keys of the database, and two commands for each result, or four with `selectsAll`. Memory is
 * constant.
 */
export async function* scanResults(
  { target, signal, pace, scanned }: Pick<Deps, 'target' | 'signal' | 'pace' | 'scanned'>,
  counts: ResultCounts,
  { selectsAll }: { selectsAll: boolean },
): AsyncGenerator<Buffer[]> {
  const keyMap = new CompactKeyMap({ bound: 65_536 });
  const args = [CELERY_META_KEY_PATTERN, selectsAll ? '1' : '0'];
  const pages = scanPages<Reply>(target.client, SCAN_RESULTS, { count: PAGE, pace, args, signal, scanned });
  for await (const [keys, letters, states, bytes] of pages) {
    const results = keys.filter((key, i) => {
      const kind = KIND_OF[String.fromCharCode(letters[i]!)];
      if (kind === undefined || keyMap.note(key, 1) !== 0) return false;
      if (kind === 'not-string') {
        counts.notStrings++;
        nameKey(counts.notStringKeys, key);
        return false;
      }
      counts.found++;
      counts[kind]++;
      const state = STATE_OF[String.fromCharCode(states[i]!)];
      if (state) counts[state]++;
      noteMemory(counts, bytes[i]!);
      return true;
    });
    if (results.length > 0) yield results;
  }
}
