import type { Redis } from './client.js';
import { loadReadingScript, runScript } from './script.js';

const DATA_VERSION = loadReadingScript(import.meta.url, './data-version.lua');

/**
 * Returns a text that changes with every write to the server. If it is the same at two moments, nobody wrote in between.
 * Undefined: the server cannot tell.
 * - Redis counts the changes of all commands in all databases. A save sets the count back, and changes the time of the last save.
 * - Redis counts an expired key only when it deletes the key. Until then, the key merely cannot be read.
 * - A replica does not count the data that it receives from its primary in one piece, so only a primary has a text. A failover
 *   changes the replication id.
 * Cost: one call.
 */
export async function readDataVersion(client: Redis): Promise<string | undefined> {
  const version = await runScript<Buffer | null>(client, DATA_VERSION, {});
  return version?.toString();
}
