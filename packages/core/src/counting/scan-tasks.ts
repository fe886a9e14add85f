import type { Deps } from '../deps.js';
import type { Redis } from '../redis/client.js';
import { KeyPage, type PackedKeys } from '../redis/key-page.js';
import { scanPages } from '../redis/scan-pages.js';
import { loadReadingScript } from '../redis/script.js';
import { codesOfLetters, type ObservedTasks } from './observed-states.js';

const SCAN_TASKS = loadReadingScript(import.meta.url, './scan-tasks.lua');

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 500;

/**
 * Walks the task keys of one primary in pages, with the state of each. A key may come twice, as with SCAN, and one that is
 * made or removed meanwhile may or may not come.
 *
 * Cost: one call for some hundreds of keys of the database, one HGET a task; `content` and `result` are never read.
 */
export async function* scanTasks(
  { signal, pace }: Pick<Deps, 'signal' | 'pace'>,
  client: Redis,
): AsyncGenerator<ObservedTasks> {
  const options = { count: PAGE, pace, signal };
  for await (const [keys, letters, labels] of scanPages<[PackedKeys, Buffer, Buffer[]]>(
    client,
    SCAN_TASKS,
    options,
  )) {
    if (letters.length === 0) continue;
    yield { keys: new KeyPage(keys, letters.length), codes: codesOfLetters(letters), labels };
  }
}
