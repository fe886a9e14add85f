import { KEY_KINDS } from '@atf/core';
import type { Deletion } from './deletion.js';
import type { Scope } from './options.js';
import type { Inspection, ReportedDeletion } from './schema.js';

/** How many keys of an inspection are in a scope. Pure. */
export function selectedBy(scope: Scope, { kinds, unrelated, shared }: Inspection): number {
  const own = kinds.reduce((sum, { keys }) => sum + keys, 0);
  return scope === 'db' ? own + unrelated.keys + shared.keys : own;
}

export function reportedDeletion(deletion: Deletion): ReportedDeletion {
  const { how, deleted, kinds, messagesRemoved, changed, left, shared, unrelatedKept, backup } = deletion;
  return {
    how,
    deleted,
    kinds:
      how === 'flush'
        ? null
        : KEY_KINDS.flatMap(({ kind }) => {
            const keys = kinds.get(kind);
            return keys === undefined ? [] : [{ kind, keys }];
          }),
    messagesRemoved,
    changed,
    left,
    shared,
    unrelatedKept,
    backup,
  };
}
