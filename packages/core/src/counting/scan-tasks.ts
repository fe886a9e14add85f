import type { Deps } from '../deps.js';
import type { Redis } from '../redis/client.js';
import { KeyPage, type PackedKeys } from '../redis/key-page.js';
import { scanPages } from '../redis/scan-pages.js';
import { loadReadingScript } from '../redis/script.js';
import { codesOfLetters, type ObservedTasks } from './observed-state.js';

const SCAN_TASKS = loadReadingScript(import.meta.url, './scan-tasks.lua');

/** Keys of any name that one page covers at full pace. A page blocks other clients for about 2 ms. */
const PAGE = 500;

/** A page of the scan. */
export interface TaskPage extends ObservedTasks {
  /** The tasks that expire: index, time of expiry in ms, and so on. */
  expiries: readonly number[];
}

/**
 * Walks the task keys in pages, with the state of each. As with SCAN, a key may come twice, and a key that is created or
 * deleted meanwhile may or may not come.
 * Cost: one call for some hundreds of keys of the database, and one HGET per task. `content` and `result` are not read.
 */
export async function* scanTasks(
  deps: Pick<Deps, 'signal' | 'pace' | 'scanned'>,
  client: Redis,
  { mayExpire }: { mayExpire: boolean },
): AsyncGenerator<TaskPage> {
  const pages = scanPages<[PackedKeys, Buffer, Buffer[], number[]]>(client, SCAN_TASKS, {
    ...deps,
    count: PAGE,
    args: [mayExpire ? '1' : '0'],
  });
  for await (const [keys, letters, labels, expiries] of pages) {
    if (letters.length === 0) continue;
    yield { keys: new KeyPage(keys, letters.length), codes: codesOfLetters(letters), labels, expiries };
  }
}
