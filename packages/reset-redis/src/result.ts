import { KEY_KINDS, type KeyKindName } from '@atf/core';
import type { Deletion } from './deletion.js';
import type { Inspection } from './inspect.js';
import type { Scope } from './options.js';
import type { Workers } from './workers.js';

/** What was deleted, as reports have it. */
export interface ReportedDeletion {
  how: Deletion['how'];
  deleted: number;
  /** Of each kind that lost keys; null after a flush, which does not look at keys. */
  kinds: { kind: KeyKindName; keys: number }[] | null;
  /** Saved, but left alone because they changed since. */
  changed: number;
  /** Keys of the scope that are there at the end, those that came meanwhile among them; null where nobody has looked. */
  left: number | null;
  /** Keys that are not AsyncTaskFlow's, and stayed; null where nobody has looked, or the scope is the database. */
  foreignKept: number | null;
  backup: { path: string; records: number } | null;
}

/** What a database holds, and what was done about it. */
export interface ResetRedisResult {
  scope: Scope;
  /** True where --confirm was given. */
  confirmed: boolean;
  /** True where living workers keep the reset from being done without --force. */
  refused: boolean;
  /** Keys of this database at the beginning. */
  keys: number;
  workers: Workers;
  /** Null where keys were deleted: then `deletion` says what. */
  inspection: Inspection | null;
  /** How many keys are in the scope, by the inspection; null without one. */
  selected: number | null;
  deletion: ReportedDeletion | null;
}

/** How many keys of an inspection are in a scope. Pure. */
export function selectedBy(scope: Scope, { kinds, foreign }: Inspection): number {
  const own = kinds.reduce((sum, { keys }) => sum + keys, 0);
  return scope === 'db' ? own + foreign.keys : own;
}

export function reportedDeletion(deletion: Deletion, backup: string | undefined): ReportedDeletion {
  const { how, deleted, kinds, changed, left, foreignKept, backedUp } = deletion;
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
    changed,
    left,
    foreignKept,
    backup: backup === undefined || backedUp === null ? null : { path: backup, records: backedUp },
  };
}
