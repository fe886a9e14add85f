import { counted, describeTarget, kindOfKey, plainText, type Report, table, WORK_NOUNS } from '@atf/core';
import type { Style } from '@atf/core/cli';
import { problemLines } from './problem-lines.js';
import { KINDS, type Kind, OUTCOMES, type OutcomeCounts, type RestoreBackupResult } from './schema.js';

type Rendered = Pick<Report<RestoreBackupResult>, 'mode' | 'outcome' | 'target'> & {
  result: RestoreBackupResult;
};

/** The report as text. */
export function renderRestoreBackup({ mode, outcome, target, result }: Rendered, style: Style): string[] {
  const { backup, records, outcomes, counters, problemCount } = result;
  const changes = counters.map(({ state, change }) => `${state} ${signed(change)}`);
  return [
    `📦 Backup ${plainText(backup.file)}: written by ${plainText(backup.tool)} at ${plainText(backup.createdAt)}`,
    ...warningLines(result, target).map((line) => style.bad(`⚠️  ${line}`)),
    '',
    `📊 Records read: ${records}`,
    ...outcomeTable(outcomes),
    ...(changes.length > 0 ? ['', `📈 Counters: ${changes.join(', ')}`] : []),
    ...notQueuedLines(result.notQueued),
    ...(problemCount > 0 ? ['', ...problemLines(result)] : []),
    ...(result.problems.some(({ key }) => kindOfKey(key) === 'state-counter')
      ? ['   Run fix-counter-sync: counters may differ from the tasks now.']
      : []),
    '',
    conclusion({ mode, outcome, result }, style),
  ];
}

function warningLines(
  { backup, sameTarget, server, dumpsChecked, outcomes }: RestoreBackupResult,
  target: Rendered['target'],
): string[] {
  const isRefused = KINDS.some((kind) => outcomes[kind].refused > 0);
  return [
    ...(sameTarget || !target
      ? []
      : [`It was taken from ${plainText(backup.target)}, and this is ${describeTarget(target)}`]),
    ...(isRefused && server !== null
      ? [`It was taken from ${plainText(backup.server)}, and this is ${plainText(server)}`]
      : []),
    ...(dumpsChecked
      ? []
      : [
          'Unknown whether this server can load its keys: to check it, this user needs the permission to RESTORE',
        ]),
    ...(backup.checkedFirst
      ? []
      : ['It is no regular file: it was verified while it was read, not before the first write']),
    ...(backup.complete === false
      ? ['It is incomplete: the tool that wrote it was cut off, or a part of the file is missing']
      : []),
  ];
}

/** Why queue entries did not come back. */
function notQueuedLines({
  before,
  changed,
  missing,
  unreadable,
}: RestoreBackupResult['notQueued']): string[] {
  const reasons: [number, string][] = [
    [before, 'the task was there before this restore, so it may have been sent since'],
    [changed, 'the task changed since it came back'],
    [missing, 'there is no such task'],
    [unreadable, 'the message cannot be read, and not all tasks came back'],
  ];
  const lines = reasons.flatMap(([count, why]) => (count > 0 ? [`   - ${count}: ${why}`] : []));
  if (lines.length === 0) return [];
  const hint = '   If a task waits in no queue, fix-stuck-tasks finds it.';
  return ['', `⏭️  Not queued: ${before + changed + missing + unreadable}`, ...lines, hint];
}

/** One line for each kind of which the backup has any. */
function outcomeTable(outcomes: Record<Kind, OutcomeCounts>): string[] {
  const columns = [
    { heading: '', width: 22 },
    ...OUTCOMES.map((name) => ({ heading: name[0]!.toUpperCase() + name.slice(1), width: name.length })),
  ];
  const rows = KINDS.filter((kind) => sum(outcomes[kind]) > 0).map((kind) => [
    WORK_NOUNS[kind][1],
    ...OUTCOMES.map((outcome) => String(outcomes[kind][outcome])),
  ]);
  return rows.length === 0 ? [] : table(columns, rows).map((line) => `   ${line}`);
}

function conclusion({ mode, outcome, result }: Omit<Rendered, 'target'>, style: Style): string {
  const written = writtenText(result.outcomes);
  if (outcome === 'stopped') {
    const what = mode === 'repair' ? 'restored' : 'to restore so far';
    return style.bad(
      `⚠️  Stopped before the end: ${written || 'nothing'} ${what}. Run it again for the rest.`,
    );
  }
  if (!written) {
    if (result.problemCount > 0) return style.bad('❌ Nothing more could be restored');
    return style.good('✅ Nothing to restore');
  }
  if (mode === 'dry-run') return `DRY RUN: Would restore ${written}`;
  if (mode === 'check') return style.bad(`❌ Found ${written} to restore`);
  return outcome === 'repaired' ? style.good(`✅ Restored ${written}`) : style.bad(`⚠️  Restored ${written}`);
}

function writtenText(outcomes: Record<Kind, OutcomeCounts>): string {
  return KINDS.flatMap((kind) => {
    const [one, many] = WORK_NOUNS[kind];
    const written = outcomes[kind].restored + outcomes[kind].replaced;
    return written > 0 ? [counted(written, one, many)] : [];
  }).join(', ');
}

const sum = (outcomes: OutcomeCounts) => Object.values(outcomes).reduce((total, count) => total + count, 0);
const signed = (change: number) => (change > 0 ? `+${change}` : String(change));
