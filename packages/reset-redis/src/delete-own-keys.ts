import {
  type Deps,
  type HeldLock,
  KEY_KINDS,
  loadScript,
  Pacer,
  runUnderLock,
  scanFraction,
} from '@atf/core';
import { type Deletion, noteDeleted } from './deletion.js';
import { KIND_ARGUMENTS } from './key-classes.js';

const UNLINK_OWN_KEYS = loadScript(import.meta.url, './unlink-own-keys.lua');

/** Keys that one page covers at full pace. Blocks other clients for about 2 ms. */
const PAGE = 500;

/**
 * Deletes AsyncTaskFlow's own keys in one pass: each is judged by name and type in the step that deletes it.
 * Cost: one call for 500 keys of the database; memory is freed in another thread.
 */
export async function deleteOwnKeys(
  { target, signal, progress, pace, scanned }: Deps,
  deletion: Deletion,
  lock: HeldLock,
): Promise<void> {
  const pacer = new Pacer({ pace, size: PAGE });
  let cursor = '0';
  do {
    signal.throwIfAborted();
    deletion.unanswered = 2 * pacer.size; // SCAN may return more keys than COUNT.
    const [next, deleted] = await pacer.run((size, timer) =>
      runUnderLock<[Buffer, number[]]>(target.client, UNLINK_OWN_KEYS, {
        lock,
        timer,
        args: [cursor, String(size), ...KIND_ARGUMENTS],
      }),
    );
    deletion.unanswered = 0;
    cursor = next.toString();
    scanned?.(scanFraction(cursor));
    KEY_KINDS.forEach(({ kind }, i) => {
      noteDeleted(deletion, kind, deleted[i]!);
    });
    progress({ step: 'delete', what: 'Deleting keys', done: deletion.deleted });
  } while (cursor !== '0');
}
