import type { KeyKindName } from '../model/keyspace.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { refuseTooLarge } from './largest-record.js';
import type { QueueRecord } from './records.js';

const SAVE_QUEUE = loadReadingScript(import.meta.url, './save-queue.lua');

/** The kinds of keys that a consumer or a worker takes work from. */
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

/** True if a backup saves keys of this kind entry by entry. Pure. */
export const isSavedByEntry = (kind: KeyKindName | undefined): boolean => QUEUES.has(kind);

type Reply = [kind: Buffer, contentHash: Buffer, flat: Buffer[]];

/**
 * Reads a whole queue. Undefined: the key is gone, or it has another type. Cost: one call; memory for the whole queue.
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
  const pairs = kind.toString() === 'list' ? flat.map((element) => [element]) : pairsOf(flat);
  return {
    type: 'queue',
    key: key.toString('base64'),
    kind: kind.toString() as QueueRecord['kind'],
    contentHash: contentHash.toString(),
    entries: pairs.map(([element, beside], i) => ({
      element: element!.toString('base64'),
      at: beside
        ? beside.toString(kind.toString() === 'hash' ? 'base64' : 'latin1')
        : String(pairs.length - 1 - i),
    })),
  };
}

/** What an entry needs in a record beside its own bytes. */
const ENTRY_BYTES = 30;

/** Members with their scores, or fields with their values. */
function pairsOf(flat: readonly Buffer[]): Buffer[][] {
  return flat.flatMap((element, i) => (i % 2 === 0 ? [[element, flat[i + 1]!]] : []));
}
