import { counted, emptyWarningLines, headingLines, paragraph, plainText, type Report } from '@atf/core';
import type { Style } from '@atf/core/cli';
import { foundLines, notStringLines, sampleLines } from './found-lines.js';
import type { CleanupCeleryMetaResult } from './schema.js';

type Rendered = Pick<Report<unknown>, 'mode' | 'outcome' | 'target'> & { result: CleanupCeleryMetaResult };

/** The report as text. Operators' scripts grep it, so the wording is part of the contract. */
export function renderCleanupCeleryMeta({ mode, outcome, target, result }: Rendered, style: Style): string[] {
  const isSurvey = mode !== 'repair';
  return [
    ...headingLines('Celery Result Cleanup Utility', { mode, target }, 'DELETE'),
    ...foundLines(result),
    ...emptyWarningLines(result.keys, 'key', target),
    ...paragraph(notStringLines(result)),
    ...paragraph(isSurvey ? sampleLines(result) : []),
    '',
    ...(isSurvey ? surveyConclusion(mode, result, style) : deletionConclusion(outcome, result, style)),
  ];
}

function surveyConclusion(mode: string, { selected }: CleanupCeleryMetaResult, style: Style): string[] {
  if (selected === 0) return [nothing(style)];
  if (mode === 'check') return [style.bad(`❌ ${selected} celery-task-meta keys can be deleted`)];
  return [`DRY RUN: Would delete ${selected} celery-task-meta keys`];
}

function deletionConclusion(
  outcome: Report<unknown>['outcome'],
  { deleted, changed, left, backup }: CleanupCeleryMetaResult,
  style: Style,
): string[] {
  const saved = backup
    ? [`   Backup: ${plainText(backup.path, 500)}, ${counted(backup.records, 'key')}`]
    : [];
  const kept = changed > 0 ? [style.bad(`⚠️  Left alone: ${changed} changed meanwhile`)] : [];
  if (outcome === 'clean') return [nothing(style), ...saved];
  if (outcome === 'stopped')
    return [
      style.bad(`⚠️  Stopped: deleted ${deleted} celery-task-meta keys; run it again for the rest`),
      ...saved,
      ...kept,
    ];
  const what = `Deleted ${deleted} celery-task-meta keys`;
  return [
    outcome === 'repaired' ? style.good(`✅ ${what}`) : style.bad(`⚠️  ${what}`),
    ...saved,
    ...kept,
    ...leftLines(left ?? 0, changed, style),
  ];
}

/** The final check. It counts only results to delete. A result that was left alone may have a new date by now and is then kept. */
function leftLines(left: number, changed: number, style: Style): string[] {
  if (left === 0)
    return changed === 0 ? ['   Verified: none of them is left'] : ['   The final check found no other one'];
  return [
    style.bad(`⚠️  ${left} are there at the end: does a worker still store results?`),
    '   Run it again, or turn the result backend off.',
  ];
}

const nothing = (style: Style) => style.good('✅ No celery-task-meta keys to delete');
