import { type KeyKindName, kindOfKey } from '../model/keyspace.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { refuseTooLarge } from './largest-record.js';
import type { QueueRecord } from './records.js';

const SAVE_QUEUE = loadReadingScript(import.meta.url, './save-queue.lua');

/** What a consumer or a worker takes work from. */
const QUEUES: ReadonlySet<KeyKindName | undefined> = new Set([
  'pending-primary-queue',
  'pending-retry-queue',
  'scheduled-queue',
  'dead-letter-queue',
  'broker-queue',
  'broker-priority-queue',
  'broker-unacked',
  'broker-unacked-index',
] satisfies KeyKindName[]);

/** True if a backup saves this key entry by entry. Pure. */
export function isSavedByEntry(key: Buffer): boolean {
  return QUEUES.has(kindOfKey(key.toString('latin1')));
}

type Reply = [kind: Buffer, contentHash: Buffer, flat: Buffer[]];

/**
 * Reads a whole queue. Undefined: the key is gone, or it is a string or stream. Cost: one call; memory for the whole queue.
 * @throws AtfError `BACKUP` if the queue is too large for a record
 */
export async function saveQueue(client: Redis, key: Buffer): Promise<QueueRecord | undefined> {
  const reply = await runScript<Reply | null>(client, SAVE_QUEUE, { keys: [key] });
  if (reply === null) return undefined;
  const [kind, contentHash, flat] = reply;
  refuseTooLarge(
    key,
    flat.reduce((sum, part) => sum + part.length + ENTRY_BYTES, 0),
  );
  return queueRecord(key, {
    kind: kind.toString() as QueueRecord['kind'],
    contentHash: contentHash.toString(),
    flat,
  });
}

/** What an entry needs in a record beside its own bytes. */
const ENTRY_BYTES = 30;

/**
 * A record of entries. `flat` holds them as Redis lists them: a whole list from its head, a member before its score, a field
 * before its value. Pure.
 */
export function queueRecord(
  key: Buffer,
  { kind, contentHash, flat }: Pick<QueueRecord, 'kind' | 'contentHash'> & { flat: readonly Buffer[] },
): QueueRecord {
  const isPaired = kind === 'zset' || kind === 'hash';
  const entries = flat
    .filter((_, i) => !isPaired || i % 2 === 0)
    .map((element, i, { length }) => ({
      element: element.toString('base64'),
      at:
        kind === 'list'
          ? String(length - 1 - i)
          : isPaired
            ? flat[2 * i + 1]!.toString(kind === 'hash' ? 'base64' : 'latin1')
            : '',
    }));
  return { type: 'queue', key: key.toString('base64'), kind, contentHash, entries };
}
