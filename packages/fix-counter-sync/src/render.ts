import { changeLine, counterLines, NOT_VERIFIED, type Report } from '@atf/core';
import type { Style } from '@atf/core/cli';
import type { FixCounterSyncResult } from './schema.js';

type Rendered = Pick<Report<unknown>, 'mode' | 'target'> & { result: FixCounterSyncResult };

/** The report as text. Operators' scripts grep it, so the wording is part of the contract. */
export function renderFixCounterSync({ mode, target, result }: Rendered, style: Style): string[] {
  const heading = [
    '🔍 Analyzing Redis task state counters...',
    '',
    '📊 Analysis Results:',
    `   Total tasks found: ${result.totalTasks}`,
    '',
  ];
  if (!result.keepsCounters && result.totalTasks > 0) return [...heading, NO_COUNTERS];
  return [
    ...heading,
    ...counterLines(result, { target, missingIsZero: true }),
    ...conclusion(mode, result, style),
  ];
}

const NO_COUNTERS =
  'ℹ️  No counter exists, as newer versions of AsyncTaskFlow keep none. To create all six, run initialize-counters.';

function conclusion(mode: Report<unknown>['mode'], result: FixCounterSyncResult, style: Style): string[] {
  const { counters, changes, discrepancies, fixed, verified } = result;
  if (discrepancies === 0) {
    return [style.good('✅ All counters were already synchronized!'), ...activeAdvice(counters)];
  }
  // A counter whose key is of another type is wrong, but no write is planned for it: `check` counts it, a dry run does not.
  const lines = changes.map(changeLine);
  if (mode === 'dry-run') return [`DRY RUN: Would fix ${lines.length} counter discrepancies:`, ...lines];
  if (mode === 'check') return [style.bad(`❌ Found ${discrepancies} counter discrepancies:`), ...lines];
  if (fixed === 0) return [style.bad('❌ Nothing could be fixed')];
  return [
    style.good(`✅ Fixed ${fixed} counter discrepancies:`),
    ...lines,
    ...(verified ? [] : ['', style.bad(NOT_VERIFIED)]),
  ];
}

/** Right counters do not mean that the tasks are well: active tasks may be stuck. */
function activeAdvice(counters: FixCounterSyncResult['counters']): string[] {
  const active = counters.find(({ state }) => state === 'ACTIVE')?.new ?? 0;
  if (active === 0) return [];
  const [are, them] = active === 1 ? ['task is', 'it'] : ['tasks are', 'them'];
  return [`   ${active} ${are} ACTIVE. If no worker is running ${them}, try fix-stuck-tasks --dry-run.`];
}
