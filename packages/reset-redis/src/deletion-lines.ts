import { counted, plainText, type Report } from '@atf/core';
import type { Style } from '@atf/core/cli';
import { sharedLines } from './inspection-lines.js';
import type { Scope } from './options.js';
import type { ReportedDeletion } from './schema.js';

interface Ending {
  scope: Scope;
  outcome: Report<unknown>['outcome'];
}

const VERIFIED_SHARED = '   Verified: no key is left that only AsyncTaskFlow uses, and none of its messages';

/** What was deleted, what was kept, and what the final check found, as lines. */
export function deletionLines(
  deletion: ReportedDeletion,
  { scope, outcome }: Ending,
  style: Style,
): string[] {
  const { deleted, kinds, messagesRemoved, changed, shared, unrelatedKept, backup, how } = deletion;
  const what = `${counted(deleted, 'key')}${scope === 'db' ? '' : ' of AsyncTaskFlow'}`;
  return [
    ...(backup ? [`Backup: ${plainText(backup.path, 500)}, ${counted(backup.records, 'key')}`] : []),
    ...(how === 'saved-keys' && scope === 'db'
      ? ['Deleted key by key instead of FLUSHDB: only what is saved']
      : []),
    ...conclusion(what, { outcome, deleted: deleted + messagesRemoved }, style),
    ...(kinds ?? []).map(({ kind, keys }) => `   - ${kind}: ${keys}`),
    ...(messagesRemoved > 0
      ? [
          `   Removed ${counted(messagesRemoved, 'message')} of AsyncTaskFlow from keys that another program uses`,
        ]
      : []),
    ...(changed > 0 ? [style.bad(`⚠️  Left alone: ${changed} changed meanwhile`)] : []),
    ...(shared ? sharedLines(shared) : []),
    ...(unrelatedKept
      ? [`   Kept: ${counted(unrelatedKept, 'key that is', 'keys that are')} not AsyncTaskFlow's`]
      : []),
    ...verification(deletion, scope, style),
  ];
}

function conclusion(what: string, { outcome, deleted }: { outcome: string; deleted: number }, style: Style) {
  if (outcome === 'stopped') return [style.bad(`⚠️  Stopped: deleted ${what}; run it again for the rest`)];
  if (outcome === 'partial') return [style.bad(`⚠️  Deleted ${what}`)];
  return [style.good(deleted === 0 ? '✅ Nothing to delete' : `✅ Deleted ${what}`)];
}

function verification(
  { left, changed, shared, unrelatedKept }: ReportedDeletion,
  scope: Scope,
  style: Style,
): string[] {
  if (left === null) return [];
  if (left === 0) {
    const isShared = shared !== null && shared.keys > 0;
    if (isShared) return shared.ours > 0 ? [] : [VERIFIED_SHARED];
    return scope === 'db' || unrelatedKept === 0
      ? ['   Verified: the database is empty']
      : ['   Verified: no key of AsyncTaskFlow is left'];
  }
  const appeared = left - changed;
  if (appeared <= 0) return [];
  return [
    style.bad(
      `⚠️  There again: ${counted(appeared, 'key')}. Something still writes. Stop it and run this again.`,
    ),
  ];
}
