import type { Redis } from '../redis/client.js';
import { loadReadingScript, loadScript, runScript } from '../redis/script.js';
import { type HeldLock, runUnderLock } from '../redis/under-lock.js';
import { refuseTooLarge } from './largest-record.js';
import type { KeyRecord } from './records.js';

const DUMP_KEY = loadReadingScript(import.meta.url, './dump-key.lua');
const UNLINK_UNCHANGED = loadScript(import.meta.url, './unlink-unchanged.lua');

/** How many dumps are under way at once: a key may hold tens of megabytes. */
const AT_ONCE = 16;

/** A key as it is now, and the mark by which a later step knows that it is still the same. */
export interface DumpedKey {
  key: Buffer;
  record: KeyRecord;
  /** Of its content. */
  mark: Buffer;
}

/** What became of a key that was to be deleted. */
export type Fate = 'deleted' | 'gone' | 'changed';

/**
 * Reads keys whole, of whatever type, with their expiry. Keys that do not exist are left out. Cost: a call a key, 16 at
 * once; memory for all that the keys hold: pass some at a time.
 * @throws AtfError `BACKUP` where a key is too large for a record
 */
export async function dumpKeys(client: Redis, keys: readonly Buffer[]): Promise<DumpedKey[]> {
  const dumped: DumpedKey[] = [];
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const batch = keys.slice(from, from + AT_ONCE);
    const replies = await Promise.all(batch.map((key) => dumpKey(client, key)));
    dumped.push(...replies.filter((reply) => reply !== undefined));
  }
  return dumped;
}

async function dumpKey(client: Redis, key: Buffer): Promise<DumpedKey | undefined> {
  const reply = await runScript<[Buffer, number, Buffer] | null>(client, DUMP_KEY, { keys: [key] });
  if (reply === null) return undefined;
  const [dump, expiry, mark] = reply;
  refuseTooLarge(key, dump.length);
  const expiresAt = expiry < 0 ? null : expiry;
  return {
    key,
    mark,
    record: {
      type: 'key',
      key: key.toString('base64'),
      dump: dump.toString('base64'),
      expiresAt,
      mark: mark.toString(),
    },
  };
}

/**
 * Deletes keys that are still as they were dumped, in one atomic step; their memory is freed in another thread.
 * Returns what became of each. Cost: one call, and each key is read and hashed on the server.
 * @throws the server's error `LOCKLOST` where the lock is somebody else's by now; nothing was deleted
 */
export async function unlinkUnchanged(
  client: Redis,
  dumped: readonly DumpedKey[],
  lock: HeldLock,
): Promise<Fate[]> {
  if (dumped.length === 0) return [];
  const letters = await runUnderLock<Buffer>(client, UNLINK_UNCHANGED, {
    lock,
    keys: dumped.map(({ key }) => key),
    args: dumped.map(({ mark }) => mark),
  });
  return Array.from(letters.toString(), (letter) =>
    letter === 'D' ? 'deleted' : letter === 'G' ? 'gone' : 'changed',
  );
}
