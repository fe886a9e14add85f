import { counted, emptyWarningLines, headingLines, type Report } from '@atf/core';
import type { Style } from '@atf/core/cli';
import { deletionLines } from './deletion-lines.js';
import { inspectionLines } from './inspection-lines.js';
import type { ResetRedisResult } from './schema.js';

type Rendered = Pick<Report<unknown>, 'mode' | 'outcome' | 'target'> & { result: ResetRedisResult };

/** The report as text. Scripts of operators grep it: the wording is part of the contract. */
export function renderResetRedis({ mode, outcome, target, result }: Rendered, style: Style): string[] {
  const { inspection, deletion, workers, scope, keys } = result;
  return [
    ...headingLines('Redis Reset Utility', { mode, target }, `RESET, scope ${scope}`),
    `Database ${target?.database ?? ''} holds ${counted(keys, 'key')}`.replace('  ', ' '),
    ...emptyWarningLines(keys, 'key', target),
    '',
    ...(inspection ? [...inspectionLines(inspection, workers), ''] : []),
    ...(deletion ? deletionLines(deletion, { scope, outcome }, style) : lookConclusion(mode, result, style)),
  ];
}

function lookConclusion(mode: Report<unknown>['mode'], result: ResetRedisResult, style: Style): string[] {
  const { selected, scope, refused, workers } = result;
  if (selected === 0) return [style.good('✅ Nothing to delete')];
  const keys = counted(selected ?? 0, 'key');
  const what = scope === 'db' ? `all ${keys} of this database` : `${keys} of AsyncTaskFlow`;
  const alive = refused
    ? [style.bad(`⚠️  It would be refused: ${aliveText(workers.live)} (--force insists)`)]
    : [];
  if (mode === 'check') return [style.bad(`❌ Found ${what}`)];
  if (mode === 'dry-run') return [`DRY RUN: Would delete ${what}`, ...alive];
  return [`Nothing was deleted. --confirm deletes ${what}.`, ...alive];
}

const aliveText = (live: number) => (live === 1 ? '1 worker is alive' : `${live} workers are alive`);
