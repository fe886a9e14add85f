import { changeLine, counterLines, NOT_VERIFIED, type Report } from '@atf/core';
import type { Style } from '@atf/core/cli';
import type { FixCounterSyncResult } from './schema.js';

type Rendered = Pick<Report<unknown>, 'mode' | 'target'> & { result: FixCounterSyncResult };

/** The report as text. Operators' scripts grep it, so the wording is part of the contract. */
export function renderFixCounterSync({ mode, target, result }: Rendered, style: Style): string[] {
  return [
    '🔍 Analyzing Redis task state counters...',
    '',
    '📊 Analysis Results:',
    `   Total tasks found: ${result.totalTasks}`,
    '',
    ...counterLines(result, { target, missingIsZero: true }),
    ...conclusion(mode, result, style),
  ];
}

function conclusion(mode: Report<unknown>['mode'], result: FixCounterSyncResult, style: Style): string[] {
  const { counters, discrepancies, fixed, verified } = result;
  if (discrepancies === 0) return [style.good('✅ All counters were already synchronized!')];
  const wrong = counters.filter(({ change, kind }) => change !== 0 && kind !== 'wrong-type').map(changeLine);
  if (mode === 'dry-run') return [`DRY RUN: Would fix ${wrong.length} counter discrepancies:`, ...wrong];
  if (mode === 'check') return [style.bad(`❌ Found ${discrepancies} counter discrepancies:`), ...wrong];
  if (fixed === 0) return [style.bad('❌ Nothing could be fixed')];
  return [
    style.good(`✅ Fixed ${fixed} counter discrepancies:`),
    ...wrong,
    ...(verified ? [] : ['', style.bad(NOT_VERIFIED)]),
  ];
}
