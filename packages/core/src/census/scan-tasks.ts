import type { Deps } from '../deps.js';
import type { Redis } from '../redis/client.js';
import { scanPages } from '../redis/scan-pages.js';
import { loadCensusScript } from './cut.js';
import { codesOfLetters, type Sightings } from './sightings.js';

const SCAN_TASKS = loadCensusScript('./scan-tasks.lua');

/** Keys of any name that one page looks at: blocks other clients for about 2 ms. */
const PAGE = 500;

/**
 * Walks the task keys of one primary in pages, with the state of each. A key may come twice, as with SCAN, and one that is
 * made or removed meanwhile may or may not come.
 *
 * Cost: one call for 500 keys of the database, one HGET a task; `content` and `result` are never read.
 */
export async function* scanTasks({ signal }: Pick<Deps, 'signal'>, client: Redis): AsyncGenerator<Sightings> {
  const pages = scanPages<[Buffer[], Buffer, Buffer[]]>(client, SCAN_TASKS, { count: PAGE, signal });
  for await (const [keys, letters, labels] of pages) {
    if (keys.length > 0) yield { keys, codes: codesOfLetters(letters), labels };
  }
}
