import type { Redis } from './client.js';
import { loadReadingScript, runScript } from './script.js';

const CHANGE_MARK = loadReadingScript(import.meta.url, './change-mark.lua');

/**
 * Returns a text. If two moments have the same text, nobody wrote to the server in between. Undefined: the server does not tell.
 * - Redis counts the changes of all commands and databases. Each save sets the count back, and changes the time of the last save.
 * - Redis counts the keys that expire or are evicted. If such a key is not deleted yet, it is not counted. Its only change is that
 *   it cannot be read any more.
 * - A replica may receive all its data anew without counting, so the text is of primaries only. Each failover changes the
 *   replication id.
 * - Some servers have the figure but do not count, so 0 changes tell nothing.
 * Cost: one call.
 */
export async function readChangeMark(client: Redis): Promise<string | undefined> {
  const mark = await runScript<Buffer | null>(client, CHANGE_MARK, {});
  return mark?.toString();
}
