import { type AtfError, failureOf, KEY_KINDS, type KeyKindName, type Target } from '@atf/core';
import type { ReportedDeletion } from './schema.js';

/** What a reset has done so far: true at any moment, whatever ends it. */
export interface Deletion extends Omit<ReportedDeletion, 'kinds'> {
  /** For each kind; empty after a flush, which does not read keys. */
  kinds: Map<KeyKindName, number>;
  /** How many keys are in a call without an answer. */
  unanswered: number;
}

export function newDeletion(how: Deletion['how']): Deletion {
  return {
    how,
    deleted: 0,
    kinds: new Map(),
    messagesRemoved: 0,
    changed: 0,
    left: null,
    shared: null,
    unrelatedKept: null,
    backup: null,
    unanswered: 0,
  };
}

export function reportedDeletion({ unanswered: _, ...deletion }: Deletion): ReportedDeletion {
  const kinds = KEY_KINDS.flatMap(({ kind }) => {
    const keys = deletion.kinds.get(kind);
    return keys === undefined ? [] : [{ kind, keys }];
  });
  return { ...deletion, kinds: deletion.how === 'flush' ? null : kinds };
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
