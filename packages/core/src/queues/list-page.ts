import type { Redis } from '../redis/client.js';
import { type Argument, loadReadingScript, runScript } from '../redis/script.js';

const LIST_PAGE = loadReadingScript(import.meta.url, './list-page.lua');

/** Entries of a list from one index to another, as LRANGE counts them; the key's type if it is not a list. Cost: one call. */
export async function readListPage(
  client: Redis,
  key: Argument,
  [first, last]: readonly [number, number],
): Promise<Buffer[] | { wrongType: string }> {
  const page = await runScript<Buffer | Buffer[]>(client, LIST_PAGE, {
    keys: [key],
    args: [String(first), String(last)],
  });
  return Array.isArray(page) ? page : { wrongType: page.toString() };
}
