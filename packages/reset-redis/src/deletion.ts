import { type AtfError, failureOf, type KeyKindName, type Target } from '@atf/core';
import type { ReportedDeletion } from './schema.js';

/** What a reset has done so far: true at any moment, whatever ends it. */
export interface Deletion
  extends Pick<
    ReportedDeletion,
    'how' | 'deleted' | 'messagesRemoved' | 'changed' | 'left' | 'shared' | 'unrelatedKept' | 'backup'
  > {
  /** For each kind; empty after a flush, which does not read keys. */
  kinds: Map<KeyKindName, number>;
  /** How many keys are in a call without an answer. */
  unanswered: number;
}

export function newDeletion(how: Deletion['how']): Deletion {
  return {
    how,
    deleted: 0,
    messagesRemoved: 0,
    kinds: new Map(),
    changed: 0,
    unanswered: 0,
    backup: null,
    left: null,
    shared: null,
    unrelatedKept: null,
  };
}

/** Counts deleted keys of a kind; undefined: unrelated keys. */
export function noteDeleted(deletion: Deletion, kind: KeyKindName | undefined, keys: number): void {
  deletion.deleted += keys;
  if (kind && keys > 0) deletion.kinds.set(kind, (deletion.kinds.get(kind) ?? 0) + keys);
}

/** A failure with what was deleted by then. */
export function deletionFailure(error: unknown, target: Target, { deleted, unanswered }: Deletion): AtfError {
  return failureOf(error, target, { action: 'deleted', counts: { keys: deleted }, unconfirmed: unanswered });
}
