import { type AtfError, failureOf, type KeyKindName, type Target } from '@atf/core';

/** What a reset has done so far: true at any moment, whatever ends it. */
export interface Deletion {
  /** How: AsyncTaskFlow's keys one page after the other, all keys by FLUSHDB, or those that are in the backup one by one. */
  how: 'own-keys' | 'flush' | 'saved-keys';
  deleted: number;
  /** Of each kind; empty after a flush, which does not look at keys. */
  kinds: Map<KeyKindName, number>;
  /** Saved, but left alone because they changed since. */
  changed: number;
  /** How many keys are in a call that is not answered yet. */
  underWay: number;
  /** Records that are safe in the backup; null without one. */
  backedUp: number | null;
  /** Keys that should have gone and are there at the end, by a last look; null where there was none. */
  left: number | null;
  /** Keys that are not AsyncTaskFlow's, and stayed; null where nobody has looked. */
  foreignKept: number | null;
}

export function newDeletion(how: Deletion['how']): Deletion {
  return {
    how,
    deleted: 0,
    kinds: new Map(),
    changed: 0,
    underWay: 0,
    backedUp: null,
    left: null,
    foreignKept: null,
  };
}

/** Counts deleted keys of a kind; undefined: foreign ones. */
export function noteDeleted(deletion: Deletion, kind: KeyKindName | undefined, keys: number): void {
  deletion.deleted += keys;
  if (kind && keys > 0) deletion.kinds.set(kind, (deletion.kinds.get(kind) ?? 0) + keys);
}

/** A failure with what was deleted by then. */
export function deletionFailure(error: unknown, target: Target, { deleted, underWay }: Deletion): AtfError {
  return failureOf(error, target, { action: 'deleted', counts: { keys: deleted }, unconfirmed: underWay });
}
