import type { Redis } from '../redis/client.js';
import type { HeldLock } from '../redis/maintenance-lock.js';
import { type Argument, loadScript } from '../redis/script.js';
import { runUnderLock } from '../redis/under-lock.js';
import type { CounterRow } from './compare-counters.js';

const ADJUST_COUNTERS = loadScript(import.meta.url, './adjust-counters.lua');

/**
 * Writes the change of each row, all or none, in one atomic step. At least one row is given. A valid counter is changed by
 * adding: that stays right if workers change it at the same time. Text is replaced if it is still the same text.
 * Returns false, with nothing written, if a counter is no longer of the kind that its row says. Cost: one call.
 * @throws the server's error `LOCKLOST` if the lock belongs to somebody else by now; then nothing was written
 */
export async function adjustCounters(
  client: Redis,
  rows: readonly CounterRow[],
  lock: HeldLock,
): Promise<boolean> {
  const reply = await runUnderLock<number>(client, ADJUST_COUNTERS, {
    lock,
    keys: rows.map(({ key }) => key),
    args: rows.flatMap(operationOf),
  });
  return reply === 0;
}

function operationOf({ old, tasks, change }: CounterRow): [string, string, Argument] {
  return old.kind === 'text' ? ['set', String(tasks), old.bytes] : ['add', String(change), ''];
}
