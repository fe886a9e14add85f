import {
  describeTarget,
  emptyWarningLines,
  headingLines,
  listLines,
  plainText,
  type Report,
  type TaskFinding,
  taskFindingSummary,
  taskFindingText,
} from '@atf/core';
import type { Style } from '@atf/core/cli';
import type { DeleteDefectiveTasksResult, ReasonCount, ReportedTask } from './schema.js';

type Ending = Pick<Report<unknown>, 'mode' | 'outcome'>;
type Rendered = Ending & Pick<Report<unknown>, 'target'> & { result: DeleteDefectiveTasksResult };

/** Kept tasks that the text names; --json names 1,000. */
const KEPT_SHOWN = 20;
/** A longer list of tasks ends with the number of tasks for each reason. */
const LONG = 20;

/** The report as text. Operators' scripts grep it: the wording is part of the contract. */
export function renderDeleteDefectiveTasks(
  { mode, outcome, target, result }: Rendered,
  style: Style,
): string[] {
  const tasksWith = (outcome: ReportedTask['outcome']) =>
    result.tasks.filter((task) => task.outcome === outcome);
  const kept = tasksWith('kept');
  const isUnrelated = ({ reasons }: ReportedTask) => reasons.some(({ code }) => code === 'unrelated');
  return [
    ...headingLines('Defective Task Cleanup Utility', { mode, target }, 'DELETE'),
    `Connected to Redis at ${target ? describeTarget(target) : ''}`,
    `Scanned ${result.totalTasks} total tasks`,
    `Found ${result.defective} defective tasks`,
    ...emptyWarningLines(result.totalTasks, 'task', target),
    '',
    ...defectiveLines(
      result.tasks.filter(({ outcome }) => outcome !== 'kept' && outcome !== 'in-use'),
      result,
    ),
    ...keptLines('Kept, because a worker may still write to them: N', tasksWith('in-use'), result.inUse),
    ...keptLines(
      'Only suspicious, kept: N (--include REASON deletes them)',
      kept.filter((task) => !isUnrelated(task)),
      result.kept,
    ),
    ...keptLines(
      "Other programs' hashes, kept: N (--include unrelated deletes them)",
      kept.filter(isUnrelated),
      result.unrelated,
    ),
    ...conclusion({ mode, outcome }, result, style),
  ];
}

function defectiveLines(tasks: readonly ReportedTask[], result: DeleteDefectiveTasksResult): string[] {
  if (tasks.length === 0) return [];
  const more = result.toDelete - tasks.length;
  return [
    'Defective tasks found:',
    '-'.repeat(80),
    ...tasks.flatMap((task, i) => taskLines(task, i + 1)),
    ...(more > 0 ? [`… and ${more} more`, ''] : []),
    ...(result.toDelete > LONG ? ['By reason:', ...result.reasons.map(reasonLine), ''] : []),
  ];
}

function reasonLine({ tasks, ...reason }: ReasonCount): string {
  return `   ${tasks}: ${taskFindingSummary(reason)}`;
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
    `   Reasons: ${reasons.map(reasonText).join('; ')}`,
    ...(outcome === 'changed' ? ['   Left alone: it has changed since it was judged'] : []),
    ...(outcome === 'gone' ? ['   Somebody else had already deleted it'] : []),
    '',
  ];
}

function reasonText(reason: TaskFinding): string {
  const note = reason.code === 'no-task-id' ? ' (the dashboard shows it as unknown_id)' : '';
  return taskFindingText(reason) + note;
}

function shown(value: string | null): string {
  if (value === null) return 'missing';
  return value === '' ? 'empty' : plainText(value, 100);
}

function contentShown({ content, contentBytes }: NonNullable<ReportedTask['preview']>): string {
  if (content === null) return contentBytes > 0 ? `(${contentBytes} bytes)` : 'missing';
  return shown(content);
}

/** The lines of a group of kept keys. The N of the heading is replaced by their number. */
function keptLines(heading: string, tasks: readonly ReportedTask[], total: number): string[] {
  if (tasks.length === 0) return [];
  return [
    heading.replace('N', String(total)),
    ...listLines(tasks, keptText, { shown: KEPT_SHOWN, total }),
    '',
  ];
}

function keptText({ key, reasons }: ReportedTask): string {
  const texts = reasons.map((reason) => `${taskFindingText(reason)} (${reason.code})`);
  return `${plainText(key)}: ${texts.join('; ')}`;
}

function conclusion(
  { mode, outcome }: Ending,
  { toDelete, deleted, gone, changed, left, removed, tooMany, backup }: DeleteDefectiveTasksResult,
  style: Style,
): string[] {
  if (toDelete === 0) return [style.good('No defective tasks found.')];
  if (mode !== 'repair') {
    return [
      ...(mode === 'check'
        ? [style.bad(`❌ ${toDelete} defective tasks to delete`)]
        : [`DRY RUN: Would delete ${toDelete} defective tasks`]),
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
