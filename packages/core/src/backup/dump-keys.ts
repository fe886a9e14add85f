import type { Redis } from '../redis/client.js';
import type { HeldLock } from '../redis/maintenance-lock.js';
import { loadReadingScript, loadScript, runScript } from '../redis/script.js';
import type { ServerTimer } from '../redis/server-time.js';
import { runUnderLock } from '../redis/under-lock.js';
import { refuseTooLarge } from './largest-record.js';
import type { KeyRecord, QueueRecord } from './records.js';

const DUMP_KEY = loadReadingScript(import.meta.url, './dump-key.lua');
const UNLINK_UNCHANGED = loadScript(import.meta.url, './unlink-unchanged.lua');

/** At most so many dumps are under way at once: a key may hold tens of megabytes. */
const AT_ONCE = 16;

/** What became of a key that was to be deleted. */
export type UnlinkOutcome = 'deleted' | 'gone' | 'changed';

/** The reply of `saved_key` in saved-key.lua. */
export type SavedKey = [dump: Buffer, expiresAt: number, contentHash: Buffer];

/**
 * Reads whole keys of any type with their expiry. It leaves out keys that do not exist. Cost: one call per key, 16 at once;
 * memory for all that the keys hold, so pass some at a time.
 * @throws AtfError `BACKUP` if a key is too large for a record
 */
export async function dumpKeys(client: Redis, keys: readonly Buffer[]): Promise<KeyRecord[]> {
  const records: KeyRecord[] = [];
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const batch = await Promise.all(keys.slice(from, from + AT_ONCE).map((key) => dumpKey(client, key)));
    records.push(...batch.filter((record) => record !== undefined));
  }
  return records;
}

async function dumpKey(client: Redis, key: Buffer): Promise<KeyRecord | undefined> {
  const saved = await runScript<SavedKey | null>(client, DUMP_KEY, { keys: [key] });
  if (saved === null) return undefined;
  refuseTooLarge(key, saved[0].length);
  return keyRecord(key, saved);
}

/** A key as a backup keeps it. Pure. */
export function keyRecord(key: Buffer, [dump, expiresAt, contentHash]: SavedKey): KeyRecord {
  return {
    type: 'key',
    key: key.toString('base64'),
    dump: dump.toString('base64'),
    expiresAt: expiresAt < 0 ? null : expiresAt,
    contentHash: contentHash.toString(),
  };
}

/**
 * Deletes those keys that still hold what their records hold, in one atomic step. Another thread of the server frees their
 * memory. Returns the outcome of each. Cost: one call, and the server reads and hashes each key.
 * @throws the server's error `LOCKLOST` if somebody else has the lock by now; then nothing was deleted
 */
export async function unlinkUnchanged(
  client: Redis,
  records: readonly Pick<KeyRecord | QueueRecord, 'key' | 'contentHash'>[],
  { lock, timer }: { lock: HeldLock; timer?: ServerTimer | undefined },
): Promise<UnlinkOutcome[]> {
  if (records.length === 0) return [];
  const letters = await runUnderLock<Buffer>(client, UNLINK_UNCHANGED, {
    lock,
    timer,
    keys: records.map(({ key }) => Buffer.from(key, 'base64')),
    args: records.map(({ contentHash }) => contentHash),
  });
  return Array.from(letters.toString(), (letter) =>
    letter === 'D' ? 'deleted' : letter === 'G' ? 'gone' : 'changed',
  );
}
