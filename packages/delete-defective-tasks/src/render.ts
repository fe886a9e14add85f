import { describeTarget, modeName, noTasksLines, plainText, type Report, taskFindingText } from '@atf/core';
import type { Style } from '@atf/core/cli';
import type { DeleteDefectiveTasksResult, ReportedTask } from './schema.js';

type Ending = Pick<Report<unknown>, 'mode' | 'outcome'>;
type Rendered = Ending & Pick<Report<unknown>, 'target'> & { result: DeleteDefectiveTasksResult };

/** Kept tasks that the text names; --json names 1,000. */
const KEPT_SHOWN = 20;

/** The report as text. Operators' scripts grep it: the wording is part of the contract. */
export function renderDeleteDefectiveTasks(
  { mode, outcome, target, result }: Rendered,
  style: Style,
): string[] {
  const url = target ? describeTarget(target) : '';
  const toDelete = result.tasks.filter((task) => task.outcome !== 'kept');
  const kept = result.tasks.filter((task) => task.outcome === 'kept');
  return [
    'Defective Task Cleanup Utility',
    `Redis URL: ${url}`,
    `Mode: ${modeName(mode, 'DELETE')}`,
    '',
    `Connected to Redis at ${url}`,
    `Scanned ${result.totalTasks} total tasks`,
    `Found ${result.defective} defective tasks`,
    ...noTasksLines(result.totalTasks, target),
    '',
    ...(toDelete.length > 0 ? defectiveLines(toDelete, result) : []),
    ...(kept.length > 0 ? keptLines(kept, result) : []),
    ...conclusion({ mode, outcome }, result, style),
  ];
}

function defectiveLines(tasks: readonly ReportedTask[], { toDelete }: DeleteDefectiveTasksResult): string[] {
  const more = toDelete - tasks.length;
  return [
    'Defective tasks found:',
    '-'.repeat(80),
    ...tasks.flatMap((task, i) => taskLines(task, i + 1)),
    ...(more > 0 ? [`… and ${more} more`, ''] : []),
  ];
}

function taskLines({ key, reasons, outcome, preview }: ReportedTask, number: number): string[] {
  return [
    `${number}. Redis Key: ${plainText(key)}`,
    ...(preview
      ? [
          `   Task ID: ${shown(preview.taskId)}`,
          `   State: ${shown(preview.state)}`,
          `   Created: ${shown(preview.createdAt)}`,
          `   Updated: ${shown(preview.updatedAt)}`,
          `   Completed: ${shown(preview.completedAt)}`,
          `   Type: ${shown(preview.taskType)}`,
          `   Content: ${contentShown(preview)}`,
        ]
      : []),
    `   Reasons: ${reasons.map(taskFindingText).join('; ')}`,
    ...(outcome === 'changed' ? ['   Left alone: it has changed since it was judged'] : []),
    ...(outcome === 'gone' ? ['   Somebody else had already deleted it'] : []),
    '',
  ];
}

function shown(value: string | null): string {
  if (value === null) return 'missing';
  return value === '' ? 'empty' : plainText(value, 100);
}

function contentShown({ content, contentBytes }: NonNullable<ReportedTask['preview']>): string {
  if (content === null) return contentBytes > 0 ? `(${contentBytes} bytes)` : 'missing';
  return shown(content);
}

function keptLines(tasks: readonly ReportedTask[], { kept }: DeleteDefectiveTasksResult): string[] {
  const named = tasks.slice(0, KEPT_SHOWN);
  const more = kept - named.length;
  return [
    `Only suspicious, kept: ${kept} (--include REASON deletes them)`,
    ...named.map(
      ({ key, reasons }) =>
        `   - ${plainText(key)}: ${reasons.map((reason) => `${taskFindingText(reason)} (${reason.code})`).join('; ')}`,
    ),
    ...(more > 0 ? [`   … and ${more} more`] : []),
    '',
  ];
}

function conclusion(
  { mode, outcome }: Ending,
  { toDelete, deleted, gone, changed, left, removed, tooMany, backup }: DeleteDefectiveTasksResult,
  style: Style,
): string[] {
  if (toDelete === 0) return [style.good('No defective tasks found.')];
  if (mode !== 'repair') {
    return [
      mode === 'dry-run'
        ? `DRY RUN: Would delete ${toDelete} defective tasks`
        : style.bad(`❌ ${toDelete} defective tasks to delete`),
      ...(tooMany
        ? [style.bad('⚠️  That is more than --max-defective-percent allows: a run refuses to delete them')]
        : []),
    ];
  }
  const what = `Deleted ${deleted} defective tasks`;
  return [
    outcome === 'repaired' && deleted > 0 ? style.good(`✅ ${what}`) : style.bad(`⚠️  ${what}`),
    `   With them: ${removed.listEntries} queue entries, ${removed.scheduledEntries} scheduled entries, ` +
      `${removed.deadLetterCopies} dead-letter copies; ${removed.counted} subtracted from their state's counter`,
    ...(gone > 0 ? [`   Gone already: ${gone}`] : []),
    ...(changed > 0
      ? [style.bad(`   Left alone, because they have changed meanwhile: ${changed}; run it again`)]
      : []),
    ...(left > 0 ? [style.bad(`   Not reached: ${left}; run it again`)] : []),
    ...(backup ? [`   Backup: ${plainText(backup, 500)} (restore-backup puts it back)`] : []),
  ];
}
