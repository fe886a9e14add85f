import { type Deps, type HeldLock, loadScript, runUnderLock } from '@atf/core';
import { type Deletion, noteDeleted } from '../deletion.js';
import type { PlannedKey } from './plan-shared.js';
import { type At, holdsMessages, readMessages, START } from './read-shared.js';

const UNLINK_SHARED = loadScript(import.meta.url, './unlink-shared.lua');
const REMOVE_MESSAGES = loadScript(import.meta.url, './remove-messages.lua');

const BATCH = 100;

/** Deletes the keys of Celery that are AsyncTaskFlow's alone. Cost: one call for 100 keys; memory is freed in another thread. */
export async function deleteShared(
  deps: Deps,
  planned: readonly PlannedKey[],
  { deletion, lock }: { deletion: Deletion; lock: HeldLock },
): Promise<void> {
  // Bindings first: a killed run must not lose the messages that show whose the bindings are.
  const rank = ({ kind }: PlannedKey) => (kind === 'broker-binding' ? 0 : 1);
  const keys = planned.filter(({ action }) => action === 'delete').sort((a, b) => rank(a) - rank(b));
  for (let from = 0; from < keys.length; from += BATCH) {
    deps.signal.throwIfAborted();
    const batch = keys.slice(from, from + BATCH);
    deletion.unanswered = batch.length;
    const letters = await runUnderLock<Buffer>(deps.target.client, UNLINK_SHARED, {
      lock,
      keys: batch.map(({ key }) => key),
      args: batch.map((key) => (holdsMessages(key) ? String(key.ours + key.others + key.neutral) : '')),
    });
    deletion.unanswered = 0;
    for (const [i, letter] of Array.from(letters.toString()).entries()) {
      if (letter === 'D') noteDeleted(deletion, batch[i]!.kind, 1);
      if (letter === 'C') deletion.changed++;
    }
  }
}

/** Removes AsyncTaskFlow's messages from keys that other programs use as well. Cost: two calls for 100 messages. */
export async function removeMessages(
  deps: Deps,
  planned: readonly PlannedKey[],
  { deletion, lock }: { deletion: Deletion; lock: HeldLock },
): Promise<void> {
  for (const shared of planned.filter(({ action }) => action === 'remove-messages')) {
    const isList = shared.kind !== 'broker-unacked';
    for (let at: At = START; at !== undefined; ) {
      const { messages, next } = await readMessages(deps, shared, at);
      const ours = messages.filter(({ owner }) => owner === 'ours').map(({ id }) => id);
      if (ours.length > 0) {
        deletion.messagesRemoved += await runUnderLock<number>(deps.target.client, REMOVE_MESSAGES, {
          lock,
          keys: [shared.key, Buffer.concat([shared.key, Buffer.from('_index')])],
          args: ours,
        });
      }
      // What is kept stays at the tail of a list, and moves up as the rest is removed.
      at = next !== undefined && isList ? String(Number(at) + messages.length - ours.length) : next;
    }
  }
}
