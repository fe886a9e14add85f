import type { Redis } from '../redis/client.js';
import { type Argument, loadScript } from '../redis/script.js';
import { type HeldLock, runUnderLock } from '../redis/under-lock.js';
import type { CounterRow } from './compare-counters.js';

const ADJUST_COUNTERS = loadScript(import.meta.url, './adjust-counters.lua');

/** Amounts of more digits are not added in the script: Lua cannot check them. */
const ADDABLE = 10n ** 17n;

/**
 * Writes the change of each row, all or none, in one atomic step. Numbers are changed by adding, which stays right
 * when workers change them at the same time; text is replaced, on condition that it is still the same.
 * Returns false, with nothing written, where a counter is no longer as its row says. Cost: one call.
 * @throws the server's error `LOCKLOST` where the lock is somebody else's by now; nothing was written
 */
export async function adjustCounters(
  client: Redis,
  rows: readonly CounterRow[],
  lock: HeldLock,
): Promise<boolean> {
  if (rows.length === 0) return true;
  const reply = await runUnderLock<number>(client, ADJUST_COUNTERS, {
    lock,
    keys: rows.map(({ key }) => key),
    args: rows.flatMap(operationOf),
  });
  return reply === 0;
}

function operationOf({ old, tasks, change }: CounterRow): [string, string, Argument] {
  if (old.kind === 'text') return ['set', String(tasks), old.bytes];
  if (old.kind === 'integer' && !isSmall(old.value)) return ['set', String(tasks), String(old.value)];
  return ['add', String(change), ''];
}

function isSmall(value: bigint): boolean {
  return value > -ADDABLE && value < ADDABLE;
}
