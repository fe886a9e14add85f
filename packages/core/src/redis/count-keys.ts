import type { Redis } from './client.js';
import { MAINTENANCE_LOCK_KEY } from './lock-holder.js';
import { loadReadingScript, runScript } from './script.js';

const COUNT_KEYS = loadReadingScript(import.meta.url, './count-keys.lua');

/** How many keys of any name the database holds, the maintenance lock not counted. Cost: one call. */
export async function countKeys(client: Redis): Promise<number> {
  return await runScript<number>(client, COUNT_KEYS, { keys: [MAINTENANCE_LOCK_KEY] });
}
