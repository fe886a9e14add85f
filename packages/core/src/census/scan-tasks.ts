import type { Deps } from '../deps.js';
import type { Redis } from '../redis/client.js';
import { runScript } from '../redis/script.js';
import { loadCensusScript } from './cut.js';
import { codesOfLetters, type Sightings } from './sightings.js';

const SCAN_TASKS = loadCensusScript('./scan-tasks.lua');

/** Keys of any name that one page looks at: blocks other clients for about 2 ms. */
const PAGE = 500;

type Reply = [Buffer, Buffer[], Buffer, Buffer[]];

/**
 * Walks the task keys of one primary in pages, with the state of each. As SCAN has it: a key may come twice, pages
 * may be empty, and a key that is made or removed meanwhile may or may not come. A page is asked for before the one
 * before it is handed out, so that the server and this program work at the same time.
 *
 * Cost: one call for 500 keys of the database, one HGET a task; `content` and `result` are never read.
 */
export async function* scanTasks({ signal }: Pick<Deps, 'signal'>, client: Redis): AsyncGenerator<Sightings> {
  const page = (cursor: string) => runScript<Reply>(client, SCAN_TASKS, { args: [cursor, String(PAGE)] });
  let reply = await page('0');
  for (;;) {
    signal.throwIfAborted();
    const [cursorBytes, keys, letters, labels] = reply;
    const cursor = cursorBytes.toString();
    const next = cursor === '0' ? undefined : page(cursor);
    next?.catch(() => {}); // awaited below, unless the consumer has stopped by then
    if (keys.length > 0) yield { keys, codes: codesOfLetters(letters), labels };
    if (!next) return;
    reply = await next;
  }
}
