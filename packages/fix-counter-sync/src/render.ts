import {
  changeLine,
  counterTable,
  noTasksLines,
  oddKeyLines,
  paragraph,
  type Report,
  wrongTypeCounterLines,
} from '@atf/core';
import type { Style } from '@atf/core/cli';
import type { FixCounterSyncResult } from './fix-counter-sync.js';

type Rendered = Pick<Report<unknown>, 'mode' | 'target'> & { result: FixCounterSyncResult };

/** The report as text. Scripts of operators grep it: the wording is part of the contract. */
export function renderFixCounterSync({ mode, target, result }: Rendered, style: Style): string[] {
  return [
    '🔍 Analyzing Redis task state counters...',
    '',
    '📊 Analysis Results:',
    `   Total tasks found: ${result.totalTasks}`,
    '',
    '📈 Counter Values:',
    ...counterTable(result.counters, { missingIsZero: true }),
    ...paragraph(noTasksLines(result.totalTasks, target)),
    ...paragraph(oddKeyLines(result.oddKeys)),
    ...paragraph(wrongTypeCounterLines(result.counters)),
    '',
    ...conclusion(mode, result, style),
  ];
}

function conclusion(
  mode: Report<unknown>['mode'],
  { counters, discrepancies, fixed, verified }: FixCounterSyncResult,
  style: Style,
): string[] {
  if (discrepancies === 0) return [style.good('✅ All counters were already synchronized!')];
  const wrong = counters.filter(({ change, kind }) => change !== 0 && kind !== 'wrong-type').map(changeLine);
  if (mode === 'dry-run') return [`DRY RUN: Would fix ${wrong.length} counter discrepancies:`, ...wrong];
  if (mode === 'check') return [style.bad(`❌ Found ${discrepancies} counter discrepancies:`), ...wrong];
  if (fixed === 0) return [style.bad('❌ Nothing could be fixed')];
  return [
    style.good(`✅ Fixed ${fixed} counter discrepancies:`),
    ...wrong,
    ...(verified
      ? []
      : ['', style.bad('⚠️  Not verified: run it again to see whether all counters are right')]),
  ];
}
